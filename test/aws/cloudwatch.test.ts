import {
  CloudWatchClient,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { createCloudWatch } from '../../infra/local/services/cloudwatch.ts';
import { alarmDescriber } from '../../shared/aws/cloudwatch.ts';
import { serveAws } from '../support/aws-endpoint.ts';

const start = Date.parse('2026-11-20T05:10:00Z');

/** More than one page of 100: `acme/monitor/0` to `129`, a composite `acme/self/any`, and one of another system. */
async function serveAlarms() {
  const { aws } = await serveAws(start, async (runtime) => ({
    monitoring: createCloudWatch(runtime, { publish: async () => {}, gauges: () => [] }),
  }));
  const { region, endpoint, ...credentials } = aws;
  const client = new CloudWatchClient({ region, credentials, endpoint: endpoint! });
  for (const name of [...Array.from({ length: 130 }, (_, n) => `acme/monitor/${n}`), 'other/monitor/1'])
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        AlarmDescription: `${name} failed`,
        Namespace: 'Tocsin/acme',
        MetricName: 'Failed',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 3,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        ActionsEnabled: name !== 'acme/monitor/1',
      }),
    );
  await client.send(
    new PutCompositeAlarmCommand({ AlarmName: 'acme/self/any', AlarmRule: 'ALARM("acme/monitor/1")' }),
  );
  return aws;
}

test('all pages of the alarms of one prefix are read, composite ones too (42)', async () => {
  const alarms = await alarmDescriber(await serveAlarms())({ prefix: 'acme/' });
  expect(alarms).toHaveLength(131);
  expect(alarms.map(({ name }) => name)).toContain('acme/self/any');
  expect(alarms.map(({ name }) => name)).not.toContain('other/monitor/1');
  expect(alarms.find(({ name }) => name === 'acme/monitor/0')).toMatchObject({
    arn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:acme/monitor/0',
    state: 'INSUFFICIENT_DATA',
    description: 'acme/monitor/0 failed',
    since: start,
    actionsEnabled: true,
  });
  expect(alarms.find(({ name }) => name === 'acme/monitor/1')!.actionsEnabled).toBe(false);
});

test('alarms are read by state, and by name, more than one request takes (42)', async () => {
  const describeAlarms = alarmDescriber(await serveAlarms());
  expect(await describeAlarms({ prefix: 'acme/', state: 'ALARM' })).toEqual([]);
  const names = Array.from({ length: 120 }, (_, n) => `acme/monitor/${n + 20}`);
  const found = await describeAlarms({ names });
  expect(found.map(({ name }) => name).sort()).toEqual(names.slice(0, 110).sort());
});
