import type { DescribedAlarm } from '../aws/cloudwatch.ts';
import type { Config, Monitor } from '../config/config.ts';
import type { NowEntry, NowItem } from '../history/history.ts';
import { shardsOf } from '../monitors/shards.ts';
import { subjectOf } from './parse-alarm.ts';

/** Milliseconds after the slots an alarm looks at in which it must have recovered by itself. */
const patienceMs = 3 * 60_000;

export interface StuckAlarmPorts {
  config: Config;
  /** Epoch milliseconds. */
  now(): number;
  readNow(location: string, shard: string): Promise<NowItem | undefined>;
  /** Sets an alarm to OK, until its metric says otherwise. */
  setOk(alarm: string, reason: string): Promise<void>;
}

/**
 * Sets alarms to OK that nothing would ever set: an alarm keeps its state without data, and at level lean nobody writes a recovery for
 * a location that was taken out of the config while it saw a failure. Returns their names.
 */
export async function releaseStuckAlarms(
  { config, now, readNow, setOk }: StuckAlarmPorts,
  inAlarm: readonly DescribedAlarm[],
): Promise<string[]> {
  const suspects = inAlarm.flatMap((alarm) => suspectOf(alarm, config, now()) ?? []);
  const stuck: string[] = [];
  for (const { name, monitor, isDegraded } of suspects) {
    const shards = shardsOf(config).filter(({ monitors }) => monitors.some(({ id }) => id === monitor.id));
    const items = await Promise.all(shards.map(({ location, id }) => readNow(location, id)));
    const isRecovered = items.every((item) => item && isLongWell(item, monitor, isDegraded, now()));
    // No probe checks a heartbeat.
    if (items.length === 0 || !isRecovered) continue;
    await setOk(name, `no location that checks ${monitor.id} has seen this for a while`);
    stuck.push(name);
  }
  return stuck;
}

interface Suspect {
  name: string;
  monitor: Monitor;
  isDegraded: boolean;
}

/** A monitor's alarm that fires for longer than it takes to recover. */
function suspectOf(
  { name, arn, since, actionsEnabled }: DescribedAlarm,
  { name: system, monitors }: Config,
  now: number,
): Suspect | undefined {
  const subject = subjectOf(name, arn, system);
  const monitor = subject.type === 'monitor' ? monitors.find(({ id }) => id === subject.id) : undefined;
  if (!monitor?.enabled || !actionsEnabled || since === undefined) return undefined;
  const isDegraded = subject.aspect === 'degraded';
  return now - since < recoveryMs(monitor, isDegraded) ? undefined : { name, monitor, isDegraded };
}

const recoveryMs = ({ alert, every }: Monitor, isDegraded: boolean) =>
  ((isDegraded ? alert.degraded?.of : undefined) ?? alert.of) * every + patienceMs;

/** Whether a location that still looks has seen nothing of it in all that time. */
function isLongWell(item: NowItem, monitor: Monitor, isDegraded: boolean, now: number): boolean {
  const entry = item.monitors[monitor.id];
  const recovery = recoveryMs(monitor, isDegraded);
  const isWatching = now - item.slot < 2 * item.every + patienceMs;
  return (
    entry !== undefined &&
    isWatching &&
    isWell(entry, isDegraded) &&
    now - lastBad(entry, isDegraded) >= recovery
  );
}

const isWell = ({ outcome }: NowEntry, isDegraded: boolean) =>
  outcome === 'up' || (!isDegraded && outcome === 'degraded');

/** A target that is down says nothing about being degraded, and an alarm about that keeps its state meanwhile. */
const lastBad = ({ downAt = 0, degradedAt = 0 }: NowEntry, isDegraded: boolean) =>
  isDegraded ? Math.max(downAt, degradedAt) : downAt;
