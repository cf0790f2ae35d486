import * as z from 'zod/mini';
import { ServiceError } from '../service.ts';
import { evaluateExpression, MetricMathError, parseExpression, references } from './metric-math.ts';
import type { Dimensions, MetricStore } from './metric-store.ts';
import { isStatistic, type Series, statisticByPeriod } from './statistics.ts';
import { flag, integer } from './wire.ts';

export const dimensionList = z.optional(
  z.array(z.strictObject({ Name: z.string(), Value: z.string() })).check(z.maxLength(30)),
);
export const statistic = z
  .string()
  .check(z.refine(isStatistic, 'allowed is Sum, Average, Minimum, Maximum, SampleCount, pNN'));
const longestPeriod = 86_400;
export const period = () =>
  integer(1, longestPeriod).check(
    z.refine(
      (value) => [1, 5, 10, 20, 30].includes(value) || value % 60 === 0,
      'allowed is 1, 5, 10, 20, 30 or whole minutes',
    ),
  );

/** `MetricDataQuery`, of alarms and of GetMetricData. */
export const metricQuery = z.strictObject({
  Id: z.string().check(z.regex(/^[a-z]\w*$/)),
  MetricStat: z.optional(
    z.strictObject({
      Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionList }),
      Period: period(),
      Stat: statistic,
      Unit: z.optional(z.string()),
    }),
  ),
  Expression: z.optional(z.string().check(z.maxLength(2048))),
  Label: z.optional(z.string()),
  Period: z.optional(period()),
  ReturnData: z.optional(flag()),
});
export type MetricQuery = z.infer<typeof metricQuery>;

export const dimensionsOf = (list: { Name: string; Value: string }[] | undefined): Dimensions =>
  Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name, Value]));

/** Refuses queries that could never be evaluated. */
export function checkQueries(queries: MetricQuery[]): void {
  const ids = queries.map(({ Id }) => Id);
  const refuse = (message: string): never => {
    throw new ServiceError('ValidationError', message);
  };
  if (new Set(ids).size < ids.length) refuse('two queries have the same Id');
  for (const { Id, MetricStat, Expression } of queries) {
    if ((MetricStat === undefined) === (Expression === undefined))
      refuse(`query ${Id}: give either MetricStat or Expression`);
    if (Expression === undefined) continue;
    const unknown = asServiceError(() => references(parseExpression(Expression))).find(
      (id) => !ids.includes(id),
    );
    if (unknown) refuse(`query ${Id}: no query has the Id ${unknown}`);
  }
}

/**
 * The time series of each query by its id, over periods that begin at `start` and end by `end` (epoch milliseconds).
 * `periodOf` gives a query's period in milliseconds.
 */
export function runQueries(
  store: MetricStore,
  queries: MetricQuery[],
  range: { start: number; end: number; periodOf(query: MetricQuery): number },
): Map<string, Series> {
  const byId = new Map(queries.map((query) => [query.Id, query]));
  const results = new Map<string, Series>();
  const open = new Set<string>();

  function resolve(id: string): Series {
    const known = results.get(id);
    if (known) return known;
    const query = byId.get(id)!;
    if (open.has(id)) throw new ServiceError('ValidationError', `the expression ${id} uses itself`);
    open.add(id);
    const series = query.MetricStat ? read(query, query.MetricStat) : compute(query);
    results.set(id, series);
    return series;
  }

  function read(query: MetricQuery, { Metric, Stat, Unit }: NonNullable<MetricQuery['MetricStat']>): Series {
    const metric = {
      namespace: Metric.Namespace,
      name: Metric.MetricName,
      dimensions: dimensionsOf(Metric.Dimensions),
    };
    const samples = store.read(metric, range.start, range.end, Unit);
    return statisticByPeriod(samples, Stat, range.start, range.periodOf(query));
  }

  function compute(query: MetricQuery): Series {
    const expression = asServiceError(() => parseExpression(query.Expression ?? ''));
    const operands = new Map(references(expression).map((id) => [id, resolve(id)]));
    const step = range.periodOf(query);
    const count = Math.ceil((range.end - range.start) / step);
    const times = Array.from({ length: count }, (_, index) => range.start + index * step);
    return asServiceError(() => evaluateExpression(expression, operands, times));
  }

  for (const id of byId.keys()) resolve(id);
  return results;
}

/** Seconds: of the query itself, or of the metrics its expression uses. */
export function periodOfQuery(query: MetricQuery, queries: MetricQuery[]): number {
  const own = query.MetricStat?.Period ?? query.Period;
  const first = queries.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period;
  return own ?? first ?? 60;
}

function asServiceError<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof MetricMathError) throw new ServiceError('ValidationError', error.message);
    throw error;
  }
}
