/** A value that was measured `count` times within one second or minute. */
export interface Sample {
  /** Epoch milliseconds. */
  time: number;
  value: number;
  count: number;
}

/** Time of a period's start (epoch milliseconds) to the statistic over it; periods without data are absent. */
export type Series = Map<number, number>;

const names = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];

/** A statistic's name, or a percentile such as `p99` or `p99.9`. */
export const isStatistic = (name: string) => names.includes(name) || percentileOf(name) !== undefined;

const percentileOf = (statistic: string): number | undefined => {
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(statistic)?.[1];
  return percent === undefined ? undefined : Number(percent);
};

/** The statistic over each period of `period` milliseconds, counted from `start`. */
export function statisticByPeriod(
  samples: Sample[],
  statistic: string,
  start: number,
  period: number,
): Series {
  const byPeriod = Map.groupBy(samples, ({ time }) => start + Math.floor((time - start) / period) * period);
  const sorted = [...byPeriod].sort(([a], [b]) => a - b);
  return new Map(sorted.map(([time, inPeriod]) => [time, statisticOf(inPeriod, statistic)]));
}

/** `samples` must not be empty. */
export function statisticOf(samples: Sample[], statistic: string): number {
  const count = samples.reduce((sum, sample) => sum + sample.count, 0);
  const sum = samples.reduce((total, sample) => total + sample.value * sample.count, 0);
  if (statistic === 'Sum') return sum;
  if (statistic === 'SampleCount') return count;
  if (statistic === 'Average') return sum / count;
  if (statistic === 'Minimum') return samples.reduce((least, { value }) => Math.min(least, value), Infinity);
  if (statistic === 'Maximum') return samples.reduce((most, { value }) => Math.max(most, value), -Infinity);
  const percent = percentileOf(statistic);
  if (percent === undefined) throw new RangeError(`no statistic ${statistic}`);
  return percentile(samples, (percent / 100) * count);
}

/** The smallest value that at least `rank` measurements do not exceed. */
function percentile(samples: Sample[], rank: number): number {
  const ascending = samples.toSorted((a, b) => a.value - b.value);
  let seen = 0;
  for (const { value, count } of ascending) {
    seen += count;
    if (seen >= rank) return value;
  }
  return ascending.at(-1)!.value;
}

/**
 * Samples that have exactly this sum, count, minimum and maximum; what lies between is spread evenly,
 * so percentiles are an estimate where CloudWatch has none.
 */
export function samplesOfSet(set: { sum: number; count: number; minimum: number; maximum: number }): {
  values: number[];
  counts: number[];
} {
  if (set.count <= 1) return { values: [set.sum], counts: [set.count] };
  const between = set.count - 2;
  const mean = between > 0 ? (set.sum - set.minimum - set.maximum) / between : 0;
  return {
    values: [set.minimum, set.maximum, ...(between > 0 ? [mean] : [])],
    counts: [1, 1, ...(between > 0 ? [between] : [])],
  };
}
