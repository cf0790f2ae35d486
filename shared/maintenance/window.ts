import { Cron } from 'croner';
import { unitMs } from '../duration.ts';
import type { Matcher } from '../routing/route.ts';
import { instantOf, parseWallTime, wallTimeAt } from './wall-time.ts';

/**
 * Planned work: whoever matches tells nobody, and its time counts for nothing in uptime. CloudWatch mutes the alarms as well, by
 * `AlarmMuteRule`s of the stack.
 */
export interface MaintenanceWindow {
  id: string;
  /** Ids of monitors, all that fit `match` when the config was read. */
  monitors: string[];
  match: Matcher[];
  /** When it begins: once, local wall time `2026-12-01T22:00`, or by a cron expression of five fields. */
  begins: { at: string } | { cron: string };
  /** IANA name of the zone of the wall time. */
  zone: string;
  /** Milliseconds of elapsed time, whatever the clocks do meanwhile. */
  duration: number;
  comment?: string;
}

/** A window that somebody began while everything runs. Kept in the history table: `MAINTENANCE` / `<id>`. */
export interface StartedWindow {
  id: string;
  monitors: string[];
  /** Epoch milliseconds: `from` inclusive, `to` exclusive. */
  from: number;
  to: number;
  by: string;
  comment?: string;
}

/** Once that a window is, or was, or will be. */
export interface Period {
  /** Epoch milliseconds, inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** CloudWatch mutes for at most this long at a time. */
export const longestWindowMs = 15 * unitMs.d;

/** The window that a monitor is in at a moment, and when it began and ends; of several the one that ends last. */
export function windowAt(
  windows: readonly (MaintenanceWindow | StartedWindow)[],
  monitor: string,
  at: number,
): (Period & { id: string; comment?: string }) | undefined {
  return windows
    .filter(({ monitors }) => monitors.includes(monitor))
    .flatMap((window) => {
      const period = periodAt(window, at);
      const { id, comment } = window;
      return period ? [{ ...period, id, ...(comment && { comment }) }] : [];
    })
    .reduce<(Period & { id: string; comment?: string }) | undefined>(
      (last, period) => (last && last.to >= period.to ? last : period),
      undefined,
    );
}

function periodAt(window: MaintenanceWindow | StartedWindow, at: number): Period | undefined {
  if ('from' in window) return window.from <= at && at < window.to ? window : undefined;
  const from = startAfter(window, at - window.duration);
  return from !== undefined && from <= at ? { from, to: from + window.duration } : undefined;
}

/** The window's next times, the one that is on at `after` first; at most `count`. */
export function periodsFrom(window: MaintenanceWindow, after: number, count: number): Period[] {
  const periods: Period[] = [];
  let from = startAfter(window, after - window.duration);
  while (from !== undefined && periods.length < count) {
    periods.push({ from, to: from + window.duration });
    from = startAfter(window, from);
  }
  return periods;
}

/**
 * When it begins next, after an instant. In local wall time: a beginning that the clocks skip is the instant they jump, one that they
 * repeat is the first of the two. Undefined where it never begins again.
 */
function startAfter({ begins, zone }: MaintenanceWindow, after: number): number | undefined {
  if ('at' in begins) {
    const start = instantOf(parseWallTime(begins.at)!, zone);
    return start > after ? start : undefined;
  }
  // Wall times count as UTC, which repeats and skips none; from a little earlier, as clocks that jump show no time of before.
  for (const wall of wallTimesAfter(begins.cron, wallTimeAt(after, zone) - longestJumpMs)) {
    const start = instantOf(wall, zone);
    if (start > after) return start;
  }
  return undefined;
}

/** No zone ever moved its clocks by more, but those that changed sides of the date line. */
const longestJumpMs = 3 * unitMs.h;

function* wallTimesAfter(cron: string, after: number): Generator<number> {
  const pattern = patternOf(cron);
  let next = pattern.nextRun(new Date(after));
  while (next) {
    yield next.getTime();
    next = pattern.nextRun(next);
  }
}

/** Throws where it is none. */
export const patternOf = (cron: string) => new Cron(cron, { timezone: 'UTC', mode: '5-part' });
