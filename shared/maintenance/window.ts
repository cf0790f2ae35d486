import { Cron } from 'croner';
import { unitMs } from '../duration.ts';
import type { Matcher } from '../routing/route.ts';
import { momentOf, wallTimeAt } from '../wall-time.ts';

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

/** A window while it is on. */
export interface CurrentWindow extends Period {
  id: string;
  comment?: string;
}

/** The window that a monitor is in at a moment; of several the one that ends last. */
export function windowAt(
  windows: readonly (MaintenanceWindow | StartedWindow)[],
  monitor: string,
  at: number,
): CurrentWindow | undefined {
  const current = windows
    .filter(({ monitors }) => monitors.includes(monitor))
    .flatMap((window) => currentOf(window, at) ?? []);
  return current.toSorted((a, b) => b.to - a.to)[0];
}

/** Ids of the monitors that are in a window at a moment. */
export const monitorsIn = (
  windows: readonly (MaintenanceWindow | StartedWindow)[],
  at: number,
): ReadonlySet<string> => new Set(windows.flatMap((window) => (periodAt(window, at) ? window.monitors : [])));

function currentOf(window: MaintenanceWindow | StartedWindow, at: number): CurrentWindow | undefined {
  const period = periodAt(window, at);
  if (!period) return undefined;
  const { id, comment } = window;
  return { id, from: period.from, to: period.to, ...(comment && { comment }) };
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
    const start = momentOf(zone, parseWallTime(begins.at)!);
    return start > after ? start : undefined;
  }
  // Wall times count as UTC, which repeats and skips none; from a little earlier, as clocks that jump show no time of before.
  for (const wall of wallTimesAfter(begins.cron, wallTimeAt(zone, after) - longestJumpMs)) {
    const start = momentOf(zone, wall);
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

const patterns = new Map<string, Cron>();

/** Throws where it is none. */
export function patternOf(cron: string): Cron {
  const known = patterns.get(cron);
  if (known) return known;
  const made = new Cron(cron, { timezone: 'UTC', mode: '5-part' });
  patterns.set(cron, made);
  return made;
}

/** `2026-12-01T22:00` as wall time, see `shared/wall-time.ts`; undefined where no clock shows it. */
export function parseWallTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined;
  const wall = Date.parse(`${text}Z`);
  return Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 16) !== text ? undefined : wall;
}
