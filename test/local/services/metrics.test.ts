import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CloudWatch, createCloudWatch } from '../../../infra/local/services/cloudwatch.ts';
import { samplesOfSet, statisticOf } from '../../../infra/local/services/statistics.ts';
import { startOfTest, type TestRuntime, testRuntime } from '../../support/local-runtime.ts';

const Namespace = 'Tocsin/acme';
const Dimensions = [{ Name: 'Monitor', Value: 'website' }];
const start = startOfTest / 1000;

let runtime: TestRuntime;
let cloudwatch: CloudWatch;
beforeEach(() => {
  runtime = testRuntime();
  cloudwatch = createCloudWatch(runtime, { publish: async () => {}, gauges: () => [] });
});

const call = async (operation: string, input: Record<string, unknown>) =>
  cloudwatch.handle({ operation, input, caller: undefined }) as Promise<Record<string, never>>;
const put = (data: object, MetricName = 'ResponseTime') =>
  call('PutMetricData', { Namespace, MetricData: [{ MetricName, Dimensions, ...data }] });
const stat = (Id: string, Stat: string, Period = 60, MetricName = 'ResponseTime') => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat },
});
const range = { StartTime: start, EndTime: start + 300, ScanBy: 'TimestampAscending' };
const read = async (...MetricDataQueries: object[]) => {
  const { MetricDataResults } = (await call('GetMetricData', { ...range, MetricDataQueries })) as unknown as {
    MetricDataResults: { Id: string; Timestamps: number[]; Values: number[] }[];
  };
  return MetricDataResults.map(({ Id, Timestamps, Values }) => [
    Id,
    Timestamps.map((time) => time - start),
    Values,
  ]);
};

describe('GetMetricData', () => {
  it.each([
    ['Sum', 10],
    ['Average', 2.5],
    ['Minimum', 1],
    ['Maximum', 4],
    ['SampleCount', 4],
    ['p50', 2],
    ['p99', 4],
    ['p100', 4],
  ])('gives %s over a period', async (statistic, expected) => {
    await put({ Timestamp: start + 1, Values: [4, 1, 3, 2] });

    expect(await read(stat('m', statistic))).toEqual([['m', [0], [expected]]]);
  });

  it('gives each period that has data, and expressions over them', async () => {
    await put({ Timestamp: start, Value: 10 });
    await put({ Timestamp: start + 130, Value: 30 });

    expect(await read(stat('m', 'Sum'), { Id: 'half', Expression: 'FILL(m, 0) / 2' })).toEqual([
      ['m', [0, 120], [10, 30]],
      ['half', [0, 60, 120, 180, 240], [5, 0, 15, 0, 0]],
    ]);
  });

  it('keeps seconds only of high-resolution metrics', async () => {
    await put({ Timestamp: start + 25, Value: 1, StorageResolution: 1 }, 'Fine');
    await put({ Timestamp: start + 25, Value: 1 }, 'Coarse');

    expect(await read(stat('a', 'Sum', 10, 'Fine'), stat('b', 'Sum', 10, 'Coarse'))).toEqual([
      ['a', [20], [1]],
      ['b', [0], [1]],
    ]);
  });

  it('hides queries that are only operands, and can go backwards', async () => {
    await put({ Timestamp: start, Value: 1 });
    await put({ Timestamp: start + 60, Value: 2 });
    const { MetricDataResults } = await call('GetMetricData', {
      ...range,
      ScanBy: undefined,
      MetricDataQueries: [
        { ...stat('m', 'Sum'), ReturnData: false },
        { Id: 'double', Expression: 'm * 2' },
      ],
    });

    expect(MetricDataResults).toMatchObject([
      { Id: 'double', Timestamps: [start + 60, start], Values: [4, 2] },
    ]);
  });

  it.each([
    ['an Id twice', [stat('m', 'Sum'), stat('m', 'Sum')], /same Id/],
    [
      'a circle',
      [
        { Id: 'a', Expression: 'b' },
        { Id: 'b', Expression: 'a' },
      ],
      /uses itself/,
    ],
    ['neither metric nor expression', [{ Id: 'a' }], /either MetricStat or Expression/],
    ['a search', [{ Id: 'a', Expression: 'SEARCH("x")' }], /no function SEARCH/],
  ])('refuses %s', async (_case, queries, reason) => {
    await expect(read(...queries)).rejects.toThrow(reason);
  });
});

describe('GetMetricStatistics', () => {
  it('gives several statistics at once', async () => {
    await put({ Timestamp: start, Values: [1, 3] });
    const { Datapoints } = await call('GetMetricStatistics', {
      Namespace,
      MetricName: 'ResponseTime',
      Dimensions,
      StartTime: new Date(startOfTest).toISOString(),
      EndTime: new Date(startOfTest + 300_000).toISOString(),
      Period: '300',
      Statistics: ['Sum', 'Maximum'],
      ExtendedStatistics: ['p50'],
    });

    expect(Datapoints).toEqual([
      { Timestamp: start, Sum: 4, Maximum: 3, ExtendedStatistics: { p50: 1 }, Unit: 'None' },
    ]);
  });
});

describe('a metric', () => {
  it('is another one with other dimensions', async () => {
    await put({ Timestamp: start, Value: 1 });
    await put({ Timestamp: start, Value: 5, Dimensions: [...Dimensions, { Name: 'Location', Value: 'eu' }] });

    expect(await read(stat('m', 'Sum'))).toEqual([['m', [0], [1]]]);
  });

  it('is the same in another order of dimensions', async () => {
    const location = { Name: 'Location', Value: 'eu' };
    await put({ Timestamp: start, Value: 1, Dimensions: [location, ...Dimensions] });
    await put({ Timestamp: start, Value: 2, Dimensions: [...Dimensions, location] });
    const { Metrics } = await call('ListMetrics', { Namespace, Dimensions: [{ Name: 'Location' }] });

    expect(Metrics).toHaveLength(1);
  });

  it('is kept for fifteen days', async () => {
    await put({ Timestamp: start, Value: 1 });
    await runtime.clock.advance(16 * 86_400_000);
    await put({ Value: 1 });

    expect(await read(stat('m', 'Sum'))).toEqual([['m', [], []]]);
  });

  it('that stopped is left out of the recently active ones', async () => {
    await put({ Value: 1 }, 'Old');
    await runtime.clock.advance(4 * 3_600_000);
    await put({ Value: 1 }, 'New');

    expect(await call('ListMetrics', { Namespace, RecentlyActive: 'PT3H' })).toMatchObject({
      Metrics: [{ MetricName: 'New' }],
    });
  });
});

describe('PutMetricData', () => {
  it.each([
    ['no value', {}, /give one of Value, Values, StatisticValues/],
    ['two forms of value', { Value: 1, Values: [1] }, /give one of/],
    ['an unknown unit', { Value: 1, Unit: 'ms' }, /Unit/],
    ['fewer Counts than Values', { Values: [1, 2], Counts: [1] }, /Counts/],
    ['a resolution of 10', { Value: 1, StorageResolution: 10 }, /StorageResolution/],
  ])('refuses %s', async (_case, data, reason) => {
    await expect(put(data)).rejects.toThrow(reason);
  });

  it('keeps a statistic set exactly', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, (measured) => {
        const set = {
          sum: measured.reduce((total, value) => total + value, 0),
          count: measured.length,
          minimum: Math.min(...measured),
          maximum: Math.max(...measured),
        };
        const { values, counts } = samplesOfSet(set);
        const samples = values.map((value, index) => ({ time: 0, value, count: counts[index]! }));
        expect(statisticOf(samples, 'Sum')).toBeCloseTo(set.sum);
        expect(statisticOf(samples, 'SampleCount')).toBe(set.count);
        expect(statisticOf(samples, 'Minimum')).toBe(set.minimum);
        expect(statisticOf(samples, 'Maximum')).toBe(set.maximum);
      }),
    );
  });
});

describe('a line of a function', () => {
  const line = (value: unknown) =>
    JSON.stringify({
      _aws: {
        Timestamp: startOfTest,
        CloudWatchMetrics: [
          { Namespace, Dimensions: [['Monitor']], Metrics: [{ Name: 'ResponseTime', Unit: 'Milliseconds' }] },
        ],
      },
      Monitor: 'website',
      ResponseTime: value,
    });

  it('becomes a metric', async () => {
    cloudwatch.ingest('/aws/lambda/record', line({ Values: [10, 20], Counts: [9, 1] }));

    expect(await read(stat('m', 'Average'), stat('n', 'SampleCount'))).toEqual([
      ['m', [0], [11]],
      ['n', [0], [10]],
    ]);
  });

  it('that is broken becomes an error of its log group and a word to the person in front', async () => {
    cloudwatch.ingest('/aws/lambda/record', line(null));
    cloudwatch.ingest('/aws/lambda/record', line(1).slice(0, -3));
    const errors = (MetricName: string) => ({
      Id: MetricName.toLowerCase(),
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Logs',
          MetricName,
          Dimensions: [{ Name: 'LogGroupName', Value: '/aws/lambda/record' }],
        },
        Period: 60,
        Stat: 'Sum',
      },
    });

    expect(await read(errors('EMFValidationErrors'), errors('EMFParsingErrors'))).toEqual([
      ['emfvalidationerrors', [0], [1]],
      ['emfparsingerrors', [0], [1]],
    ]);
    expect(runtime.lines).toMatchObject([
      expect.stringContaining('metric ResponseTime'),
      expect.stringContaining('not JSON'),
    ]);
  });
});
