import type { Level, Monitor } from '../config/config.ts';
import { namespaceOf } from '../metrics/catalog.ts';
import type { EmfDocument } from '../metrics/emf.ts';
import type { BrowserSettings } from '../monitors/browser/settings.ts';
import type { HealthSettings } from '../monitors/health/settings.ts';
import {
  answerTime,
  type Component,
  type Observation,
  type ObservationBatch,
  type Timings,
} from '../monitors/observation.ts';
import type { NowEntry, NowItem } from './history.ts';
import { countObserved } from './now.ts';

/** Alarms below a minute read metrics of one-second resolution. */
const highResolution = (every: number) => every < 60_000;

interface System {
  name: string;
  level: Level;
}

/**
 * Metric documents of a batch, at the slot's time, so that every location's vote falls into the same period.
 * `unknown` writes nothing: it is neither a vote for nor against the target.
 */
export function documentsOf(
  system: System,
  monitors: ReadonlyMap<string, Monitor>,
  batch: ObservationBatch,
  before: NowItem | undefined,
): EmfDocument[] {
  return batch.observations.flatMap((observation) => {
    const monitor = monitors.get(observation.monitor);
    if (!monitor || observation.outcome === 'unknown') return [];
    return monitorDocuments(system, monitor, observation, batch, before?.monitors[monitor.id]);
  });
}

function monitorDocuments(
  { name, level }: System,
  monitor: Monitor,
  seen: Observation,
  batch: ObservationBatch,
  before: NowEntry | undefined,
): EmfDocument[] {
  const common = {
    namespace: namespaceOf(name),
    at: batch.slot,
    highResolution: highResolution(monitor.every),
  };
  const dimensions = { Monitor: monitor.id };
  if (level === 'lean') {
    const values = leanVotes(monitor, seen, batch.slot, before);
    return Object.keys(values).length > 0 ? [{ ...common, dimensions, values }] : [];
  }
  const isDetailed = level === 'detailed';
  const values = {
    ...votes(monitor, seen, isDetailed),
    ...defined({ ResponseTime: answerTime(seen) }),
    ...vitalsOf(monitor, seen, isDetailed),
    ...(isDetailed && isFirstOfDay(batch.slot, monitor.every, before) && daysLeft(seen)),
  };
  const coarse = { ...common, highResolution: false };
  return [
    { ...common, dimensions, values },
    ...(isDetailed && seen.timings
      ? [{ ...coarse, dimensions: { ...dimensions, Location: batch.location }, values: phases(seen.timings) }]
      : []),
    ...componentsOf(monitor, seen, isDetailed).map((component) => ({
      ...coarse,
      dimensions: { ...dimensions, Component: dimensionOf(component.name) },
      values: componentValues(component),
    })),
  ];
}

type Votes = Partial<Record<'Failed' | 'Degraded', 0 | 1>>;

/**
 * `Degraded` only where an alarm reads it or everything is written. Being down says nothing about being degraded: the alarm keeps
 * its state meanwhile.
 */
function votes({ alert, degraded }: Monitor, { outcome }: Observation, isDetailed = false): Votes {
  if (outcome === 'down') return { Failed: 1 };
  const isTold = degraded && (alert.degraded || isDetailed);
  return { Failed: 0, ...(isTold && { Degraded: outcome === 'degraded' ? 1 : 0 }) };
}

/** Only votes against the target, and those that let an alarm recover afterwards. */
function leanVotes(monitor: Monitor, seen: Observation, slot: number, before: NowEntry | undefined): Votes {
  const { Failed, Degraded } = votes(monitor, seen);
  const { every, alert } = monitor;
  const isRecent = (at: number | undefined, slots: number) => at !== undefined && slot - at <= slots * every;
  const failed = Failed === 1 || isRecent(before?.downAt, alert.of);
  const degraded = Degraded === 1 || isRecent(before?.degradedAt, alert.degraded?.of ?? 0);
  return { ...(failed && { Failed }), ...(degraded && Degraded !== undefined && { Degraded }) };
}

const daysLeft = ({ certificateDaysLeft, certificates, domainDaysLeft }: Observation) =>
  defined({
    CertificateDaysLeft: certificateDaysLeft,
    CertificateEarliestDaysLeft: certificates?.earliest,
    CertificateChainDaysLeft: certificates?.chain,
    DomainDaysLeft: domainDaysLeft,
  });

const phases = ({ dns, connect, tls, firstByte, transfer }: Timings) =>
  defined({ Dns: dns, Connect: connect, Tls: tls, FirstByte: firstByte, Transfer: transfer });

/** Components with metrics: those the config names, at level detailed all. */
function componentsOf({ kind, settings }: Monitor, { components = [] }: Observation, isDetailed: boolean) {
  if (isDetailed || kind !== 'health') return components;
  const named = (settings as HealthSettings).components;
  return components.filter(({ name }) => named.includes(name));
}

const componentValues = ({ outcome, latency }: Component) =>
  defined({
    ComponentUp: outcome === 'unknown' ? undefined : outcome === 'down' ? 0 : 1,
    ComponentLatency: latency,
  });

const vitalMetrics = {
  lcp: 'LargestContentfulPaint',
  fcp: 'FirstContentfulPaint',
  ttfb: 'TimeToFirstByte',
  cls: 'CumulativeLayoutShift',
} as const;

/** Web Vitals with metrics: those the config names, at level detailed all. */
function vitalsOf({ settings }: Monitor, { vitals = {} }: Observation, isDetailed: boolean) {
  const named = (settings as Partial<BrowserSettings>).vitals ?? [];
  const written = Object.entries(vitals) as [keyof typeof vitalMetrics, number][];
  return Object.fromEntries(
    written
      .filter(([name]) => isDetailed || named.includes(name))
      .map(([name, value]) => [vitalMetrics[name], value]),
  );
}

/** CloudWatch takes printable ASCII, and no colon first. */
const dimensionOf = (name: string) => name.replace(/[^\x20-\x7e]/g, '?').replace(/^[:\s]+/, '') || '?';

/** CloudWatch bills a metric by the hour it has data in, so what changes by the day is written once a day. */
const isFirstOfDay = (slot: number, every: number, before: NowEntry | undefined) =>
  before === undefined || slot % 86_400_000 < every;

function defined<Key extends string>(values: Record<Key, number | undefined>): Partial<Record<Key, number>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, number>
  >;
}

/** The dead-man's document of a shard. A monitor that is paused is as it should be, so it counts. */
export function observedDocument(
  system: System,
  now: NowItem,
  monitors: readonly string[],
  paused: readonly string[],
): EmfDocument {
  const active = monitors.filter((id) => !paused.includes(id));
  return {
    namespace: namespaceOf(system.name),
    at: now.slot,
    dimensions: { Location: now.location, Shard: now.shard },
    values: { Observed: countObserved(now, active) + paused.length },
  };
}
