import { sumBuckets } from './fold.ts';
import type { RollupBucket } from './history.ts';

export interface Uptime {
  /** Percent floored to three decimals, e.g. `99.987`; `—` without data. `100.000` means not one failed slot. */
  uptime: string;
  /** Percent of the time, pauses and maintenance left out, for which there is an outcome, floored to one decimal; `—` without any. */
  coverage: string;
  downMs: number;
}

/**
 * The one definition of uptime, for console, status page and reports: time up (or degraded) over time known.
 * Unknown time is outside of it; coverage says how much of the window is known. Pauses and maintenance windows are outside of both.
 * @param windowMs how long the window is, milliseconds
 */
export function uptimeOf(buckets: readonly RollupBucket[], windowMs: number): Uptime {
  const { up, degraded, down, paused, maintenance } = sumBuckets(buckets);
  const known = up + degraded + down;
  const watched = windowMs - paused - maintenance;
  return {
    uptime: known > 0 ? floorPercent(up + degraded, known, 3) : '—',
    coverage: watched > 0 ? floorPercent(Math.min(known, watched), watched, 1) : '—',
    downMs: down,
  };
}

/** Never rounded up: one failed check in a year must not print as 100. Whole milliseconds in, so the arithmetic is exact. */
function floorPercent(part: number, whole: number, decimals: number): string {
  const scale = 10 ** decimals;
  return (Math.floor((part * 100 * scale) / whole) / scale).toFixed(decimals);
}
