import * as z from 'zod/mini';
import { type Answer, ServiceError } from '../service.ts';
import { units } from './emf.ts';
import {
  checkQueries,
  dimensionList,
  dimensionsOf,
  metricQuery,
  period,
  periodOfQuery,
  runQueries,
  statistic,
} from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import { type Operation, operation } from './operations.ts';
import { samplesOfSet, statisticByPeriod } from './statistics.ts';
import { decimal, epochSeconds, instant, integer } from './wire.ts';

const maxQueries = 500;
const maxDatapoints = 100_800;

const datum = z.strictObject({
  MetricName: z.string().check(z.minLength(1), z.maxLength(255)),
  Dimensions: dimensionList,
  Timestamp: z.optional(instant()),
  Value: z.optional(decimal()),
  Values: z.optional(z.array(decimal()).check(z.maxLength(150))),
  Counts: z.optional(z.array(decimal()).check(z.maxLength(150))),
  StatisticValues: z.optional(
    z.strictObject({ SampleCount: decimal(), Sum: decimal(), Minimum: decimal(), Maximum: decimal() }),
  ),
  Unit: z.optional(z.enum(units)),
  StorageResolution: z.optional(z.pipe(integer(1, 60), z.literal([1, 60]))),
});

/** PutMetricData and the operations that read metrics. */
export function metricOperations(store: MetricStore, now: () => number): Record<string, Operation> {
  return {
    PutMetricData: operation(
      {
        Namespace: z.string().check(z.minLength(1), z.maxLength(255)),
        MetricData: z.array(datum).check(z.maxLength(1000)),
      },
      ({ Namespace, MetricData }) => {
        for (const data of MetricData)
          store.add({
            namespace: Namespace,
            name: data.MetricName,
            dimensions: dimensionsOf(data.Dimensions),
            unit: data.Unit,
            ...valuesOf(data),
            time: data.Timestamp,
            resolution: data.StorageResolution,
          });
        return {};
      },
    ),
    GetMetricData: getMetricData(store),
    GetMetricStatistics: getMetricStatistics(store),
    ListMetrics: operation(
      {
        Namespace: z.optional(z.string()),
        MetricName: z.optional(z.string()),
        Dimensions: z.optional(z.array(z.strictObject({ Name: z.string(), Value: z.optional(z.string()) }))),
        RecentlyActive: z.optional(z.literal('PT3H')),
      },
      ({ Namespace, MetricName, Dimensions, RecentlyActive }) => {
        const from = RecentlyActive ? now() - 3 * 3_600_000 : 0;
        const Metrics = store
          .list()
          .filter(
            ({ namespace, name }) => (Namespace ?? namespace) === namespace && (MetricName ?? name) === name,
          )
          .filter(({ dimensions }) =>
            (Dimensions ?? []).every(
              ({ Name, Value }) => Name in dimensions && (Value ?? dimensions[Name]) === dimensions[Name],
            ),
          )
          .filter((metric) => from === 0 || store.read(metric, from, now() + 1).length > 0)
          .map(({ namespace, name, dimensions }) => ({
            Namespace: namespace,
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          }));
        return { Metrics };
      },
    ),
  };
}

function valuesOf(data: z.infer<typeof datum>): { values: number[]; counts?: number[] | undefined } {
  const { Value, Values, Counts, StatisticValues, MetricName } = data;
  const given = [Value, Values, StatisticValues].filter((form) => form !== undefined).length;
  if (given !== 1)
    throw new ServiceError(
      'InvalidParameterCombination',
      `${MetricName}: give one of Value, Values, StatisticValues`,
    );
  if (StatisticValues)
    return samplesOfSet({
      sum: StatisticValues.Sum,
      count: StatisticValues.SampleCount,
      minimum: StatisticValues.Minimum,
      maximum: StatisticValues.Maximum,
    });
  if (Value !== undefined) return { values: [Value] };
  if (Counts && Counts.length !== Values!.length)
    throw new ServiceError('InvalidParameterValue', `${MetricName}: as many Counts as Values are needed`);
  return { values: Values!, counts: Counts };
}

function getMetricData(store: MetricStore): Operation {
  return operation(
    {
      MetricDataQueries: z.array(metricQuery).check(z.minLength(1), z.maxLength(maxQueries)),
      StartTime: instant(),
      EndTime: instant(),
      ScanBy: z.optional(z.enum(['TimestampDescending', 'TimestampAscending'])),
      MaxDatapoints: z.optional(integer(1, maxDatapoints)),
    },
    ({ MetricDataQueries, StartTime, EndTime, ScanBy, MaxDatapoints }) => {
      checkQueries(MetricDataQueries);
      if (StartTime >= EndTime) throw new ServiceError('ValidationError', 'StartTime must be before EndTime');
      const periodOf = (query: (typeof MetricDataQueries)[number]) =>
        periodOfQuery(query, MetricDataQueries) * 1000;
      const shortest = Math.min(...MetricDataQueries.map(periodOf));
      const start = Math.floor(StartTime / shortest) * shortest;
      const results = runQueries(store, MetricDataQueries, { start, end: EndTime, periodOf });
      return {
        MetricDataResults: MetricDataQueries.filter(({ ReturnData }) => ReturnData ?? true).map(
          ({ Id, Label, MetricStat }): Answer => {
            const ascending = [...results.get(Id)!].slice(-(MaxDatapoints ?? maxDatapoints));
            const points = ScanBy === 'TimestampAscending' ? ascending : ascending.toReversed();
            return {
              Id,
              Label: Label ?? MetricStat?.Metric.MetricName ?? Id,
              Timestamps: points.map(([time]) => epochSeconds(time)),
              Values: points.map(([, value]) => value),
              StatusCode: 'Complete',
            };
          },
        ),
        Messages: [],
      };
    },
  );
}

function getMetricStatistics(store: MetricStore): Operation {
  return operation(
    {
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: dimensionList,
      StartTime: instant(),
      EndTime: instant(),
      Period: period(),
      Statistics: z.optional(z.array(statistic)),
      ExtendedStatistics: z.optional(z.array(statistic)),
      Unit: z.optional(z.string()),
    },
    (input) => {
      const metric = {
        namespace: input.Namespace,
        name: input.MetricName,
        dimensions: dimensionsOf(input.Dimensions),
      };
      const step = input.Period * 1000;
      const start = Math.floor(input.StartTime / step) * step;
      const samples = store.read(metric, start, input.EndTime, input.Unit);
      const plain = (input.Statistics ?? []).map(
        (name) => [name, statisticByPeriod(samples, name, start, step)] as const,
      );
      const extended = (input.ExtendedStatistics ?? []).map(
        (name) => [name, statisticByPeriod(samples, name, start, step)] as const,
      );
      const times = [...new Set(samples.map(({ time }) => start + Math.floor((time - start) / step) * step))];
      const Datapoints = times
        .sort((a, b) => a - b)
        .map((time) => ({
          Timestamp: epochSeconds(time),
          ...Object.fromEntries(plain.map(([name, series]) => [name, series.get(time)])),
          ...(extended.length > 0 && {
            ExtendedStatistics: Object.fromEntries(
              extended.map(([name, series]) => [name, series.get(time)]),
            ),
          }),
          Unit: input.Unit ?? 'None',
        }));
      return { Label: input.MetricName, Datapoints };
    },
  );
}
