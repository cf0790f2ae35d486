import type { Monitor } from '../config/config.ts';
import { judgeHeartbeat, type Verdict } from '../heartbeats/judge.ts';
import { isHeartbeat } from '../heartbeats/shards.ts';
import { dayMs } from '../history/fold.ts';
import { hoursFrom, type Rollups, summarizeWindow, type windows } from '../history/series.ts';
import { type MonitorSummary, summarize } from '../history/summary.ts';
import type { Heartbeat, Ports } from './ports.ts';
import type { WindowSummaries } from './resources.ts';

/** A monitor's present and its roll-ups of the last 30 days. */
export interface MonitorHistory {
  summary: MonitorSummary;
  windows: WindowSummaries;
  rollups: Rollups;
  /** Only of one monitor that is asked for, where it is a heartbeat. */
  heartbeat?: JudgedHeartbeat;
}

/** A heartbeat and what to think of it now. */
export interface JudgedHeartbeat extends Heartbeat {
  verdict: Verdict;
}

/** Every monitor of the config, in its order. */
export async function gatherMonitors(ports: Ports): Promise<MonitorHistory[]> {
  const now = ports.now();
  const border = hoursFrom(now);
  const [items, pauses, windows, hours, days] = await Promise.all([
    ports.readNow(),
    ports.readPauses(),
    ports.maintenance.readWindows(),
    ports.readRollups('HOUR', border, now),
    ports.readRollups('DAY', now - 31 * dayMs, border),
  ]);
  const rollups = { hours, days };
  return ports.config.monitors.map((monitor) => ({
    summary: summarize(monitor, items, now, pauses, [...ports.config.maintenance, ...windows]),
    windows: windowsOf(rollups, monitor, now),
    rollups,
  }));
}

function windowsOf(rollups: Rollups, monitor: Monitor, now: number): WindowSummaries {
  const summary = (window: keyof typeof windows) => summarizeWindow(rollups, monitor.id, window, now);
  return { '24h': summary('24h'), '7d': summary('7d'), '30d': summary('30d') };
}

/** One monitor; undefined where the config has none of that id. */
export async function gatherMonitor(ports: Ports, id: string): Promise<MonitorHistory | undefined> {
  const histories = await gatherMonitors(ports);
  const found = histories.find(({ summary }) => summary.monitor.id === id);
  if (!found || !isHeartbeat(found.summary.monitor)) return found;
  const heartbeat = await ports.readHeartbeat(id);
  const verdict = judgeHeartbeat(found.summary.monitor.settings, heartbeat.record, ports.now());
  return { ...found, heartbeat: { ...heartbeat, verdict } };
}
