import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmNotification } from '../../../infra/local/services/alarm-notification.ts';
import { type CloudWatch, createCloudWatch } from '../../../infra/local/services/cloudwatch.ts';
import type { Measurement } from '../../../infra/local/services/metric-store.ts';
import { startOfTest, type TestRuntime, testRuntime } from '../../support/local-runtime.ts';

const topic = 'arn:aws:sns:us-east-1:000000000000:alarms';
const minute = 60_000;
const website = {
  Namespace: 'Tocsin/acme',
  MetricName: 'Failed',
  Dimensions: [{ Name: 'Monitor', Value: 'website' }],
};
const failedAlarm = {
  ...website,
  AlarmName: 'acme/monitor/website',
  AlarmDescription: 'website does not answer',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'ignore',
  AlarmActions: [topic],
  OKActions: [topic],
};

let runtime: TestRuntime;
let cloudwatch: CloudWatch;
let published: { topicArn: string; notification: AlarmNotification }[];
let gauges: Measurement[];

function start(stateDir?: string, at = startOfTest): CloudWatch {
  runtime = testRuntime(stateDir, at);
  return createCloudWatch(runtime, {
    publish: async (topicArn, notification) => {
      published.push({ topicArn, notification });
    },
    gauges: () => gauges,
  });
}

beforeEach(() => {
  published = [];
  gauges = [];
  cloudwatch = start();
});

const call = async (operation: string, input: Record<string, unknown>) =>
  cloudwatch.handle({ operation, input, caller: undefined }) as Promise<Record<string, never>>;
const failed = (value: number, dimensions: Record<string, string> = { Monitor: 'website' }) =>
  cloudwatch.record({ namespace: 'Tocsin/acme', name: 'Failed', dimensions, values: [value] });
const stateOf = async (AlarmNames = [failedAlarm.AlarmName]) => {
  const { MetricAlarms, CompositeAlarms } = (await call('DescribeAlarms', {
    AlarmNames,
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  })) as unknown as Record<string, { StateValue: string }[]>;
  return [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])][0]?.StateValue;
};
/** A value in each of the following minutes; undefined writes nothing. */
async function minutes(...values: (number | undefined)[]): Promise<void> {
  for (const value of values) {
    if (value !== undefined) failed(value);
    await runtime.clock.advance(minute);
  }
}
const messages = () => published.map(({ notification }) => JSON.parse(notification.message.default));

describe('an alarm on one metric', () => {
  beforeEach(() => call('PutMetricAlarm', failedAlarm));

  it('begins without data and without a word', async () => {
    await minutes(undefined, undefined, undefined);

    expect(await stateOf()).toBe('INSUFFICIENT_DATA');
    expect(published).toEqual([]);
  });

  it('alarms when enough completed periods breach, and tells the topic once', async () => {
    await minutes(0, 1);
    expect(await stateOf()).toBe('OK');

    failed(1);
    await runtime.clock.advance(minute - 1);
    expect(await stateOf()).toBe('OK');
    await runtime.clock.advance(1);
    expect(await stateOf()).toBe('ALARM');
    await minutes(1, 1);

    expect(published.map(({ topicArn }) => topicArn)).toEqual([topic, topic]);
    expect(messages().map(({ OldStateValue, NewStateValue }) => `${OldStateValue} ${NewStateValue}`)).toEqual(
      ['INSUFFICIENT_DATA OK', 'OK ALARM'],
    );
  });

  it('adds the votes of all locations', async () => {
    await call('PutMetricAlarm', { ...failedAlarm, Threshold: 2 });
    for (const _ of [1, 2]) {
      failed(1);
      failed(0);
      await runtime.clock.advance(minute);
    }
    expect(await stateOf()).toBe('OK');

    for (const _ of [1, 2]) {
      failed(1);
      failed(1);
      await runtime.clock.advance(minute);
    }
    expect(await stateOf()).toBe('ALARM');
  });

  it('keeps its state while the metric is silent', async () => {
    await minutes(1, 1, undefined, undefined, undefined, undefined, undefined, undefined);

    expect(await stateOf()).toBe('ALARM');
  });

  it('publishes what CloudWatch publishes', async () => {
    await minutes(0, 1, 1);
    const { notification } = published[1]!;

    expect(notification.subject).toBe('ALARM: "acme/monitor/website" in US East (N. Virginia)');
    expect(JSON.parse(notification.message.default)).toEqual({
      AlarmName: 'acme/monitor/website',
      AlarmDescription: 'website does not answer',
      AWSAccountId: '000000000000',
      AlarmConfigurationUpdatedTimestamp: '2026-11-20T05:00:00.000+0000',
      NewStateValue: 'ALARM',
      NewStateReason:
        'Threshold Crossed: 2 out of the last 3 datapoints [1.0 (20/11/26 05:02:00), 1.0 (20/11/26 05:01:00)] were greater than or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).',
      StateChangeTime: '2026-11-20T05:03:00.000+0000',
      Region: 'US East (N. Virginia)',
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:acme/monitor/website',
      OldStateValue: 'OK',
      OKActions: [topic],
      AlarmActions: [topic],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: 'Failed',
        Namespace: 'Tocsin/acme',
        StatisticType: 'Statistic',
        Statistic: 'SUM',
        Unit: null,
        Dimensions: [{ value: 'website', name: 'Monitor' }],
        Period: 60,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: 1,
        TreatMissingData: 'ignore',
        EvaluateLowSampleCountPercentile: '',
      },
    });
    expect(notification.message.sms).toBe('ALARM: "acme/monitor/website" in US East (N. Virginia)');
    expect(notification.message.email).toContain('- State Change:               OK -> ALARM');
  });

  it('says nothing while its actions are disabled, but goes on judging', async () => {
    await call('DisableAlarmActions', { AlarmNames: [failedAlarm.AlarmName] });
    await minutes(1, 1);
    expect(await stateOf()).toBe('ALARM');
    expect(published).toEqual([]);

    await call('EnableAlarmActions', { AlarmNames: [failedAlarm.AlarmName] });
    await minutes(0, 0);
    expect(messages()).toMatchObject([{ NewStateValue: 'OK' }]);
  });

  it('can be set by hand until the next evaluation corrects it', async () => {
    await minutes(0, 0);
    published = [];
    await call('SetAlarmState', {
      AlarmName: failedAlarm.AlarmName,
      StateValue: 'ALARM',
      StateReason: 'a test',
    });
    expect(messages()).toMatchObject([{ NewStateValue: 'ALARM', NewStateReason: 'a test' }]);

    await minutes(0);
    expect(messages()).toMatchObject([{}, { NewStateValue: 'OK', OldStateValue: 'ALARM' }]);
  });

  it('tells its times as they are', async () => {
    await minutes(1, 1);
    const { MetricAlarms } = await call('DescribeAlarms', {});

    expect(MetricAlarms).toMatchObject([
      {
        StateValue: 'ALARM',
        StateTransitionedTimestamp: (startOfTest + 2 * minute) / 1000,
        StateUpdatedTimestamp: (startOfTest + 2 * minute) / 1000,
        AlarmConfigurationUpdatedTimestamp: startOfTest / 1000,
      },
    ]);
  });

  it('has a history, newest first', async () => {
    await minutes(0, 1, 1);
    const { AlarmHistoryItems } = (await call('DescribeAlarmHistory', {
      HistoryItemType: 'StateUpdate',
    })) as unknown as {
      AlarmHistoryItems: { HistorySummary: string }[];
    };

    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm updated from OK to ALARM',
      'Alarm updated from INSUFFICIENT_DATA to OK',
    ]);
  });

  it('survives a topic that refuses, and says so', async () => {
    cloudwatch.close();
    runtime = testRuntime();
    cloudwatch = createCloudWatch(runtime, {
      publish: () => Promise.reject(new Error('Topic does not exist')),
      gauges: () => [],
    });
    await call('PutMetricAlarm', failedAlarm);
    await minutes(1, 1);

    expect(await stateOf()).toBe('ALARM');
    expect(runtime.lines.join('\n')).toContain('Topic does not exist');
  });
});

describe('a high-resolution alarm', () => {
  it('is evaluated every ten seconds', async () => {
    await call('PutMetricAlarm', { ...failedAlarm, Period: 10 });
    const fail = () =>
      cloudwatch.record({
        namespace: 'Tocsin/acme',
        name: 'Failed',
        dimensions: { Monitor: 'website' },
        values: [1],
        resolution: 1,
      });
    fail();
    await runtime.clock.advance(10_000);
    fail();
    await runtime.clock.advance(9_999);
    expect(await stateOf()).not.toBe('ALARM');
    await runtime.clock.advance(1);

    expect(await stateOf()).toBe('ALARM');
  });

  it('sees a batch that is late by forty seconds only in the place of its own time', async () => {
    await call('PutMetricAlarm', { ...failedAlarm, Period: 10 });
    const at = (value: number, time: number) =>
      cloudwatch.record({
        namespace: 'Tocsin/acme',
        name: 'Failed',
        dimensions: { Monitor: 'website' },
        values: [value],
        resolution: 1,
        time,
      });
    for (const _ of [1, 2, 3, 4, 5]) {
      at(0, runtime.clock.now());
      await runtime.clock.advance(10_000);
    }
    const late = runtime.clock.now() - 40_000;
    at(1, late);
    at(1, late + 10_000);
    await runtime.clock.advance(10_000);

    expect(await stateOf()).toBe('OK');
  });
});

describe('missing data', () => {
  const observed = {
    ...failedAlarm,
    AlarmName: 'acme/self/observed',
    MetricName: 'Observed',
    Statistic: 'Minimum',
    Threshold: 3,
    ComparisonOperator: 'LessThanThreshold',
    EvaluationPeriods: 5,
    DatapointsToAlarm: 3,
    TreatMissingData: 'breaching',
  };
  const write = () =>
    cloudwatch.record({
      namespace: 'Tocsin/acme',
      name: 'Observed',
      dimensions: { Monitor: 'website' },
      values: [3],
    });

  beforeEach(() => call('PutMetricAlarm', observed));

  it('is not what came before the alarm', async () => {
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      write();
      await runtime.clock.advance(minute);
      expect(await stateOf([observed.AlarmName])).not.toBe('ALARM');
    }
  });

  it('alarms when a metric stops for good', async () => {
    for (const _ of [1, 2, 3, 4, 5, 6, 7]) {
      write();
      await runtime.clock.advance(minute);
    }
    await runtime.clock.advance(4 * minute);
    expect(await stateOf([observed.AlarmName])).toBe('OK');
    await runtime.clock.advance(minute);

    expect(await stateOf([observed.AlarmName])).toBe('ALARM');
    expect(messages().at(-1).NewStateReason).toContain('3 missing datapoints were treated as [Breaching]');
  });

  it('alarms when a metric never comes', async () => {
    await runtime.clock.advance(3 * minute);

    expect(await stateOf([observed.AlarmName])).toBe('ALARM');
    expect(messages().at(-1).NewStateReason).toBe(
      'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
    );
  });
});

describe('an alarm on metric math', () => {
  const metric = (Id: string, Monitor: string) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'Tocsin/acme',
        MetricName: 'Failed',
        Dimensions: [{ Name: 'Monitor', Value: Monitor }],
      },
      Period: 60,
      Stat: 'Sum',
    },
    ReturnData: false,
  });
  const {
    MetricName: _,
    Namespace: __,
    Dimensions: ___,
    Statistic: ____,
    Period: _____,
    ...rest
  } = failedAlarm;
  const mathAlarm = {
    ...rest,
    Metrics: [
      { Id: 'both', Expression: 'a + FILL(b, 0)', Label: 'both', ReturnData: true },
      metric('a', 'website'),
      metric('b', 'shop'),
    ],
    Threshold: 2,
  };

  it('judges the expression and shows it in place of a metric', async () => {
    await call('PutMetricAlarm', mathAlarm);
    await minutes(1);
    for (const _ of [1, 2]) {
      failed(1, { Monitor: 'shop' });
      await minutes(1);
    }

    expect(await stateOf()).toBe('ALARM');
    const { Trigger } = messages().at(-1);
    expect(Trigger).not.toHaveProperty('MetricName');
    expect(Trigger.Metrics).toEqual([
      { Expression: 'a + FILL(b, 0)', Id: 'both', Label: 'both', ReturnData: true },
      {
        Id: 'a',
        MetricStat: {
          Metric: {
            Dimensions: [{ value: 'website', name: 'Monitor' }],
            MetricName: 'Failed',
            Namespace: 'Tocsin/acme',
          },
          Period: 60,
          Stat: 'Sum',
        },
        ReturnData: false,
      },
      expect.objectContaining({ Id: 'b' }),
    ]);
  });

  it.each([
    ['names no query', { Metrics: [{ Id: 'x', Expression: 'a + 1' }] }, /no query has the Id a/],
    ['cannot be read', { Metrics: [{ Id: 'x', Expression: 'a +' }] }, /expected a value/],
    ['returns nothing', { Metrics: [metric('a', 'website')] }, /exactly one query must return data/],
    [
      'mixes periods',
      {
        Metrics: [
          { Id: 'x', Expression: 'a' },
          metric('a', 'website'),
          { ...metric('b', 'shop'), MetricStat: { ...metric('b', 'shop').MetricStat, Period: 300 } },
        ],
      },
      /same period/,
    ],
  ])('is refused when it %s', async (_case, changes, reason) => {
    await expect(call('PutMetricAlarm', { ...mathAlarm, ...changes })).rejects.toThrow(reason);
  });
});

describe('a refused alarm', () => {
  it.each([
    ['DatapointsToAlarm above EvaluationPeriods', { DatapointsToAlarm: 4 }, /DatapointsToAlarm/],
    ['a period of 7 seconds', { Period: 7 }, /10, 20, 30 or whole minutes/],
    ['a period of 5 seconds', { Period: 5 }, /too short/],
    ['more than a day', { EvaluationPeriods: 1441 }, /86400/],
    ['an unknown statistic', { Statistic: 'Median' }, /Sum, Average/],
    [
      'an action that is no topic',
      { AlarmActions: ['arn:aws:lambda:us-east-1:000000000000:function:f'] },
      /SNS topics/,
    ],
    ['a parameter unknown here', { ThresholdMetricId: 'ad1' }, /does not support ThresholdMetricId/],
  ])('has %s', async (_case, changes, reason) => {
    await expect(call('PutMetricAlarm', { ...failedAlarm, ...changes })).rejects.toThrow(reason);
  });
});

describe('a composite alarm', () => {
  const composite = (AlarmRule: string) => ({ AlarmName: 'acme/all', AlarmRule, AlarmActions: [topic] });

  it('follows its children and names those in alarm', async () => {
    await call('PutMetricAlarm', { ...failedAlarm, AlarmActions: [], OKActions: [] });
    await call('PutCompositeAlarm', composite('ALARM("acme/monitor/website") AND NOT ALARM(other)'));
    await minutes(0);
    expect(await stateOf(['acme/all'])).toBe('OK');
    await minutes(1, 1);

    expect(await stateOf(['acme/all'])).toBe('ALARM');
    const [message] = messages();
    expect(message).not.toHaveProperty('Trigger');
    expect(message).toMatchObject({
      AlarmRule: 'ALARM("acme/monitor/website") AND NOT ALARM(other)',
      TriggeringChildren: [
        {
          Arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:acme/monitor/website',
          State: { Value: 'ALARM', Timestamp: '2026-11-20T05:03:00.000+0000' },
        },
      ],
    });
  });

  it.each([
    ['ALARM(a', /expected \)/],
    ['BROKEN(a)', /expected a function/],
    ['ALARM(a) ALARM(b)', /expected AND, OR or the end/],
    ['AT_LEAST(x, ALARM, (a))', /count or a percentage/],
  ])('is refused with the rule %s', async (rule, reason) => {
    await expect(call('PutCompositeAlarm', composite(rule))).rejects.toThrow(reason);
  });

  it.each([
    ['AT_LEAST(2, ALARM, (a, b, c))', ['a', 'b'], 'ALARM'],
    ['AT_LEAST(2, ALARM, (a, b, c))', ['a'], 'OK'],
    ['AT_LEAST("50%", ALARM, (a, b, c))', ['a', 'c'], 'ALARM'],
    ['(ALARM(a) OR ALARM(b)) AND INSUFFICIENT_DATA(c)', ['b'], 'ALARM'],
    ['TRUE', [], 'ALARM'],
  ])('%s with %j in alarm is %s', async (rule, inAlarm, expected) => {
    for (const AlarmName of ['a', 'b', 'c']) {
      await call('PutMetricAlarm', { ...failedAlarm, AlarmName, TreatMissingData: 'ignore' });
      if (inAlarm.includes(AlarmName))
        await call('SetAlarmState', { AlarmName, StateValue: 'ALARM', StateReason: 'test' });
    }
    await call('PutCompositeAlarm', composite(rule));
    await runtime.clock.advance(minute);

    expect(await stateOf(['acme/all'])).toBe(expected);
  });
});

describe('listing alarms', () => {
  const names = async (input: Record<string, unknown>) => {
    const { MetricAlarms, NextToken } = (await call('DescribeAlarms', input)) as unknown as {
      MetricAlarms: { AlarmName: string }[];
      NextToken?: string;
    };
    return { names: MetricAlarms.map(({ AlarmName }) => AlarmName), NextToken };
  };
  beforeEach(async () => {
    for (const AlarmName of ['acme/b', 'acme/a', 'other/c'])
      await call('PutMetricAlarm', { ...failedAlarm, AlarmName });
    await call('PutCompositeAlarm', { AlarmName: 'acme/all', AlarmRule: 'FALSE' });
  });

  it('goes by prefix and leaves composites out unless asked', async () => {
    expect(await names({ AlarmNamePrefix: 'acme/' })).toEqual({ names: ['acme/a', 'acme/b'] });
  });

  it('goes by state', async () => {
    await call('SetAlarmState', { AlarmName: 'acme/b', StateValue: 'ALARM', StateReason: 'test' });

    expect(await names({ StateValue: 'ALARM' })).toEqual({ names: ['acme/b'] });
  });

  it('goes page by page', async () => {
    const first = await names({ MaxRecords: 2 });
    expect(first.names).toEqual(['acme/a', 'acme/b']);

    expect(await names({ MaxRecords: 2, NextToken: first.NextToken })).toEqual({ names: ['other/c'] });
  });

  it('leaves out what was deleted', async () => {
    await call('DeleteAlarms', { AlarmNames: ['acme/a'] });

    expect((await names({})).names).toEqual(['acme/b', 'other/c']);
  });
});

describe('over a restart', () => {
  it('an alarm keeps its state, its metrics and its history, and time that nobody measured is not missing', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'cloudwatch-'));
    cloudwatch = start(directory);
    await call('PutMetricAlarm', { ...failedAlarm, TreatMissingData: 'breaching' });
    await minutes(0, 0, 0);
    cloudwatch.close();
    published = [];

    cloudwatch = start(directory, startOfTest + 60 * minute);
    await call('PutMetricAlarm', { ...failedAlarm, TreatMissingData: 'breaching' });
    expect(await stateOf()).toBe('OK');
    await minutes(0, 0);

    expect(await stateOf()).toBe('OK');
    expect(published).toEqual([]);
    const { AlarmHistoryItems } = await call('DescribeAlarmHistory', { HistoryItemType: 'StateUpdate' });
    expect(AlarmHistoryItems).toHaveLength(1);
    cloudwatch.close();
    rmSync(directory, { recursive: true });
  });
});

it('what nobody measured while the machine slept is not missing', async () => {
  await call('PutMetricAlarm', { ...failedAlarm, TreatMissingData: 'breaching' });
  await minutes(0, 0, 0);
  published = [];

  runtime.clock.sleep(180 * minute);
  await minutes(undefined, 0, 0);
  expect(await stateOf()).toBe('OK');
  expect(published).toEqual([]);

  await minutes(undefined, undefined, undefined, undefined);
  expect(await stateOf()).toBe('ALARM');
});

it('books what services measure of themselves on the minute that ended', async () => {
  gauges = [{ namespace: 'AWS/SQS', name: 'Visible', dimensions: {}, values: [4] }];
  await call('PutMetricAlarm', {
    ...failedAlarm,
    Namespace: 'AWS/SQS',
    MetricName: 'Visible',
    Dimensions: [],
    Statistic: 'Maximum',
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
  });
  await runtime.clock.advance(minute);

  expect(await stateOf()).toBe('ALARM');
});
