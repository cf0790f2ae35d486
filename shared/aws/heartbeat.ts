import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { catalog, type MetricName } from '../metrics/catalog.ts';
import type { Aws } from './environment.ts';

/** Writes one `Heartbeat` into another Region, where an alarm waits for it. Throws what CloudWatch refuses. */
export function heartbeatWriter(aws: Aws, region: string, namespace: string): () => Promise<void> {
  const { region: _, endpoint, ...credentials } = aws;
  const client = new CloudWatchClient({ region, credentials, ...(endpoint && { endpoint }) });
  const name: MetricName = 'Heartbeat';
  const metric = { MetricName: name, Unit: catalog[name].unit, Value: 1 };
  return async () => {
    await client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [metric] }));
  };
}
