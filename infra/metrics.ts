import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Config, Monitor } from '../shared/config/config.ts';
import { type catalog, type MetricName, namespaceOf } from '../shared/metrics/catalog.ts';

type Dimension<Name extends MetricName> = (typeof catalog)[Name]['dimensions'][number];

/** A metric of ours, as the catalogue has it. The unit is left out: an alarm on a unit that nobody wrote waits for ever. */
export function metric<Name extends MetricName>(
  { name }: Pick<Config, 'name'>,
  metricName: Name,
  dimensionsMap: Record<Dimension<Name>, string>,
  options: MetricOptions,
): Metric {
  return new Metric({ ...options, namespace: namespaceOf(name), metricName, dimensionsMap });
}

/** A metric of one monitor. */
export const monitorMetric = (
  config: Pick<Config, 'name'>,
  metricName: 'Failed' | 'ResponseTime' | 'Degraded' | 'CertificateDaysLeft',
  monitor: Pick<Monitor, 'id'>,
  options: MetricOptions,
) => metric(config, metricName, { Monitor: monitor.id }, options);
