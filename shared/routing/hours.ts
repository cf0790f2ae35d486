import { unitMs } from '../duration.ts';
import { momentOf, wallTimeAt } from '../wall-time.ts';
import type { Hours } from './route.ts';

/** A span of time in epoch milliseconds, the end exclusive. */
export interface Span {
  from: number;
  to: number;
}

/** Days around a moment that are looked at: one weekday that the clocks leave out, and the same a week later. */
const daysAhead = 15;

/**
 * Spans of the weekly times that lie in `from` to `to`, wholly or in part, in the order of their starts. A span is from the first moment
 * that the clocks show its start until they first show its end: hours that are left out are not in it, hours that come twice are, once.
 */
export function spansOf({ zone, times }: Hours, from: number, to: number): Span[] {
  const first = Math.floor(wallTimeAt(zone, from) / unitMs.d) - 1;
  const last = Math.floor(wallTimeAt(zone, to) / unitMs.d) + 1;
  const spans: Span[] = [];
  for (let day = first; day <= last; day++)
    for (const time of times) {
      if (!time.days.includes(weekdayOf(day))) continue;
      const at = (minute: number) => momentOf(zone, day * unitMs.d + minute * unitMs.m);
      const span = { from: at(time.from), to: at(time.to) };
      if (span.from < span.to && span.to > from && span.from < to) spans.push(span);
    }
  return spans.sort((a, b) => a.from - b.from);
}

/** Of a day by its number since 1970-01-01, which was a Thursday: 0 Sunday to 6 Saturday. */
const weekdayOf = (day: number) => (((day + 4) % 7) + 7) % 7;

/** Whether a moment is in one of the times. */
export const isActive = (hours: Hours, at: number): boolean => spansOf(hours, at, at + 1).length > 0;

/** The first moment from `at` on that is in one of the times: `at` itself where it is. Undefined where none ever is. */
export function nextActive(hours: Hours, at: number): number | undefined {
  const [next] = spansOf(hours, at, at + daysAhead * unitMs.d);
  return next && Math.max(at, next.from);
}
