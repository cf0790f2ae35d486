import type { Monitor } from '../config/config.ts';
import {
  type CurrentWindow,
  type MaintenanceWindow,
  type StartedWindow,
  windowAt,
} from '../maintenance/window.ts';
import type { Outcome } from '../monitors/observation.ts';
import { isConfirming } from '../monitors/shards.ts';
import { type Pause, pauseOf } from '../pauses/pause.ts';
import { agreed } from './fold.ts';
import type { NowEntry, NowItem } from './history.ts';

/** What people see of a monitor: the outcome all locations agree on, or `paused` when it is not checked. */
export type MonitorState = Outcome | 'paused';

export interface MonitorSummary {
  monitor: Monitor;
  state: MonitorState;
  /** When this state began, epoch milliseconds; absent before the first observation. */
  since?: number;
  /** What was last seen, where it was not good. */
  message?: string;
  /** The latest answer's time, ms: of the slowest location. */
  responseTime?: number;
  /** Of the certificate that ends first. */
  certificateDaysLeft?: number;
  locations: LocationSummary[];
  /** Who paused it, until when; absent where the config does. */
  pause?: Pause;
  /** The window it is in: nobody is told of it, and the time counts for nothing. */
  maintenance?: CurrentWindow;
}

/** What one location last saw. `stale` when its observations stopped coming: its outcome is then `unknown`. */
export interface LocationSummary extends NowEntry {
  location: string;
  stale: boolean;
}

/** Milliseconds an observation may take from its slot to us, before silence counts. */
const lateMs = 30_000;

/** A monitor's present, from every shard's latest, the pauses and the maintenance windows. */
export function summarize(
  monitor: Monitor,
  items: readonly NowItem[],
  now: number,
  pauses: readonly Pause[] = [],
  windows: readonly (MaintenanceWindow | StartedWindow)[] = [],
): MonitorSummary {
  const maintenance = windowAt(windows, monitor.id, now);
  return { ...seen(monitor, items, now, pauses), ...(maintenance && { maintenance }) };
}

function seen(
  monitor: Monitor,
  items: readonly NowItem[],
  now: number,
  pauses: readonly Pause[],
): MonitorSummary {
  const locations = items.flatMap((item) => {
    const entry = item.monitors[monitor.id];
    return entry && (!isConfirming(item.shard) || isAsked(monitor.id, item, items))
      ? [locationSummary(item, entry, now)]
      : [];
  });
  if (!monitor.enabled) return { monitor, state: 'paused', locations };
  const pause = pauseOf(pauses, monitor.id, now);
  if (pause) return { monitor, state: 'paused', since: pause.at, locations, pause };
  const state = agreed(
    locations.map(({ outcome }) => outcome),
    monitor.quorum,
  );
  const deciding = locations.filter(({ outcome }) => outcome === state);
  const message = state === 'up' ? undefined : deciding.find((entry) => entry.message)?.message;
  const since = largest(deciding.map((entry) => entry.since));
  const responseTime = largest(locations.map((entry) => (entry.stale ? undefined : entry.responseTime)));
  const daysLeft = locations.flatMap((entry) => entry.certificateDaysLeft ?? []);
  return {
    monitor,
    state,
    locations,
    ...(since !== undefined && { since }),
    ...(message !== undefined && { message }),
    ...(responseTime !== undefined && { responseTime }),
    ...(daysLeft.length > 0 && { certificateDaysLeft: Math.min(...daysLeft) }),
  };
}

/** Whether a location that is else asleep says something of the present: while another fails, and no more than a slot old. */
function isAsked(monitor: string, { every, monitors }: NowItem, items: readonly NowItem[]): boolean {
  const answered = monitors[monitor]?.recent.at(-1)?.[0] ?? 0;
  return items.some(({ shard, slot, monitors: seen }) => {
    const regular = isConfirming(shard) ? undefined : seen[monitor];
    return regular?.outcome === 'down' && answered >= slot - every;
  });
}

function locationSummary(item: NowItem, entry: NowEntry, now: number): LocationSummary {
  const stale = now - item.slot > 2 * item.every + lateMs;
  if (!stale) return { ...entry, location: item.location, stale };
  const since = item.slot + item.every;
  const message = 'no observation since';
  return { ...entry, location: item.location, stale, outcome: 'unknown', since, message };
}

const largest = (values: readonly (number | undefined)[]) =>
  values.reduce((max, value) => (max === undefined || (value ?? max) > max ? value : max), undefined);

const urgency: Record<MonitorState, number> = { down: 0, degraded: 1, unknown: 2, up: 3, paused: 4 };

/** Failing ones first; within a state as the config has them. */
export const byUrgency = (a: MonitorSummary, b: MonitorSummary) => urgency[a.state] - urgency[b.state];
