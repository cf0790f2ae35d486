import { unitMs } from '../duration.ts';
import { momentOf, wallTimeAt } from '../wall-time.ts';
import type { DailyTime } from './route.ts';

/**
 * The next moment, later than `at`, of a time of every day. On a day whose clocks leave the time out it is when they do so; on one
 * that has it twice, the first.
 */
export function nextDaily({ at: minute, zone }: DailyTime, at: number): number {
  let day = Math.floor(wallTimeAt(zone, at) / unitMs.d) - 1;
  for (;;) {
    const next = momentOf(zone, day * unitMs.d + minute * unitMs.m);
    if (next > at) return next;
    day++;
  }
}
