import { bucketsPerDay, bucketsPerHour, dayMs, hourMs, sumBuckets } from './fold.ts';
import type { RollupBucket, RollupItem } from './history.ts';
import { type Uptime, uptimeOf } from './uptime.ts';

/** A bucket and the time it stands for. */
export interface Slice {
  at: number;
  lengthMs: number;
  bucket: RollupBucket;
}

/** A monitor's roll-ups: hours in full detail, days for what is older. */
export interface Rollups {
  hours: readonly RollupItem[];
  days: readonly RollupItem[];
}

/** Uptime over a window that ends now, with the response times of the answers in it. */
export interface WindowSummary extends Uptime {
  /** Milliseconds; absent without an answer. */
  responseTimeAverage?: number;
  responseTimeMax?: number;
}

/** The windows that console and API show. */
export const windows = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs } as const;

export type Window = keyof typeof windows;

/** First midnight (UTC) that hours cover completely when they are read from here: what is older comes from days. */
export const hoursFrom = (now: number) => Math.floor((now - dayMs) / dayMs) * dayMs;

/** A monitor's slices in `[from, to)`, oldest first; before `hoursFrom(to)` from days, after it from hours. */
export function slicesOf(rollups: Rollups, monitor: string, from: number, to: number): Slice[] {
  const border = hoursFrom(to);
  const fine = cut(rollups.hours, monitor, hourMs / bucketsPerHour).filter(({ at }) => at >= border);
  const coarse = cut(rollups.days, monitor, dayMs / bucketsPerDay).filter(({ at }) => at < border);
  return [...coarse, ...fine]
    .filter((slice) => slice.at + slice.lengthMs > from && slice.at < to)
    .toSorted((a, b) => a.at - b.at);
}

const cut = (items: readonly RollupItem[], monitor: string, lengthMs: number): Slice[] =>
  items.flatMap((item) =>
    (item.monitors[monitor] ?? []).map((bucket, n) => ({ at: item.start + n * lengthMs, lengthMs, bucket })),
  );

/** Uptime, coverage and response times of one of the windows. */
export function summarizeWindow(
  rollups: Rollups,
  monitor: string,
  window: Window,
  now: number,
): WindowSummary {
  const buckets = slicesOf(rollups, monitor, now - windows[window], now).map(({ bucket }) => bucket);
  const { answers, responseSum, responseMax } = sumBuckets(buckets);
  return {
    ...uptimeOf(buckets, windows[window]),
    ...(answers > 0 && {
      responseTimeAverage: Math.round(responseSum / answers),
      responseTimeMax: responseMax,
    }),
  };
}
