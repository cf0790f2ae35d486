import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ServiceError } from '../../infra/local/service.ts';
import { historyTable } from '../../shared/aws/history-table.ts';
import type { NowEntry } from '../../shared/history/history.ts';
import { shardsOf } from '../../shared/monitors/shards.ts';
import { config } from '../incidents/signals.ts';
import { serveIncidents } from './incident-functions.ts';

async function serve() {
  const world = await serveIncidents();
  const { region, endpoint, ...credentials } = world.aws;
  const cloudwatch = new CloudWatchClient({ region, credentials, endpoint: endpoint! });
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'acme/monitor/website',
      Namespace: 'Tocsin/acme',
      MetricName: 'Failed',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 3,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
    }),
  );
  const { handler } = await import('../../functions/reconcile/handler.ts');
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  onTestFinished(() => void vi.restoreAllMocks());
  return {
    ...world,
    handler,
    cloudwatch,
    setState: (StateValue: 'OK' | 'ALARM') =>
      cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName: 'acme/monitor/website', StateValue, StateReason: 'set' }),
      ),
    /** Drift of each run as it stands in the metrics written. */
    drift: () => lines.map((line) => JSON.parse(line)).filter((document) => 'ReconcileDrift' in document),
  };
}

describe('reconcile', () => {
  test('heals a lost ALARM and a lost OK after two minutes, and counts the drift as a metric', async () => {
    const { handler, setState, heard, at, drift } = await serve();
    await setState('ALARM');
    await at(119);
    await handler();
    expect(heard()).toEqual([]);
    await at(120);
    await handler();
    await setState('OK');
    await at(240);
    await handler();
    expect(heard().map(({ type }) => type)).toEqual(['firing', 'resolved']);
    expect(drift().map(({ ReconcileDrift }) => ReconcileDrift)).toEqual([1, 1]);
    expect(drift()[0]._aws.CloudWatchMetrics[0]).toMatchObject({ Namespace: 'Tocsin/acme' });
  });

  test('says nothing while all is well, and writes no metric that would be billed', async () => {
    const { handler, setState, heard, at, drift } = await serve();
    await setState('OK');
    await at(300);
    await handler();
    expect(heard()).toEqual([]);
    expect(drift()).toEqual([]);
  });

  test('sets an alarm to OK that no location would ever let recover', async () => {
    const { handler, setState, client, cloudwatch, clock, at } = await serve();
    await setState('ALARM');
    await at(1_200);
    const slot = clock.now() - 30_000;
    const website: NowEntry = { outcome: 'up', since: 0, recent: [] };
    const [shard] = shardsOf(config);
    await historyTable(client, 'history').putNow(
      { location: 'home', shard: shard!.id, every: shard!.every, slot, monitors: { website } },
      undefined,
    );
    await handler();
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toMatchObject([
      { StateValue: 'OK', StateReason: expect.stringMatching(/^no location that checks website/) },
    ]);
  });

  test('fails in the end, so that its alarm hears of it, when a part of it failed', async () => {
    const { handler, monitoring } = await serve();
    monitoring.handle = () => {
      throw new ServiceError('AccessDenied', 'DescribeAlarms is not allowed');
    };
    await expect(handler()).rejects.toThrow('1 parts of this run failed');
  });
});
