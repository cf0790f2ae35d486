import type { Config, Monitor } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { isHeartbeat } from '../heartbeats/shards.ts';
import { documentsOf } from '../history/emission.ts';
import { bucketsPerDay, bucketsPerHour, emptyBucket } from '../history/fold.ts';
import type { NowItem, RollupBucket, RollupItem } from '../history/history.ts';
import { recentSlots } from '../history/now.ts';
import { packNow, packRollup, packSlot } from '../history/packing.ts';
import { namespaceOf } from '../metrics/catalog.ts';
import { type EmfDocument, emfLine } from '../metrics/emf.ts';
import type { HealthSettings } from '../monitors/health/settings.ts';
import type { Component, Observation, Outcome } from '../monitors/observation.ts';
import { probeTypeOf, type Shard } from '../monitors/shards.ts';

/** A noon, and the midnight before it: what is written once a day is written then. */
const noon = Date.UTC(2026, 0, 1, 12);
const midnight = Date.UTC(2026, 0, 1);

const observed = (monitor: Monitor, outcome: Outcome): Observation =>
  isHeartbeat(monitor) ? { monitor: monitor.id, at: noon, outcome } : checked(monitor, outcome);

const checked = (monitor: Monitor, outcome: Outcome): Observation => ({
  monitor: monitor.id,
  components: namedComponents(monitor),
  at: noon,
  outcome,
  responseTime: 123.4,
  timings: { dns: 12.3, connect: 12.3, tls: 34.5, firstByte: 45.6, transfer: 1.2 },
  certificateDaysLeft: 60,
  ...(probeTypeOf(monitor) !== 'probe' && { vitals: { lcp: 1_234.5, fcp: 567.8, ttfb: 123.4, cls: 0.012 } }),
});

/** The components of a health endpoint that have metrics at every level but lean. */
const namedComponents = ({ kind, settings }: Monitor): Component[] =>
  kind === 'health'
    ? (settings as HealthSettings).components.map((name) => ({ name, outcome: 'up', latency: 12.3 }))
    : [];

/** Metrics that a monitor has data for while it is up, while it fails, and in the first hour of a day only. */
export interface MonitorMetrics {
  up: number;
  down: number;
  daily: number;
  /** Bytes of the documents that one check writes while the monitor is up. */
  bytes: number;
}

/** What recording a monitor's checks writes, asked of the very code that writes it. */
export function metricsOf(config: Config, monitor: Monitor): MonitorMetrics {
  const written = (outcome: Outcome, slot: number) =>
    monitor.locations.flatMap((location) =>
      documentsOf(
        config,
        new Map([[monitor.id, monitor]]),
        { version: 1, location, shard: '60s-0', slot, observations: [observed(monitor, outcome)] },
        {
          location,
          shard: '60s-0',
          every: monitor.every,
          slot,
          monitors: { [monitor.id]: seenBefore(slot) },
        },
      ),
    );
  const usual = written('up', noon);
  const up = distinct(usual);
  const bytes = usual.reduce((sum, document) => sum + bytesOf(document), 0);
  return {
    up,
    down: distinct(written('down', noon)),
    daily: distinct(written('up', midnight)) - up,
    bytes: bytes / Math.max(1, monitor.locations.length),
  };
}

const seenBefore = (slot: number) => ({ outcome: 'up' as const, since: slot - unitMs.d, recent: [] });

/** Metrics as CloudWatch tells them apart: by name and dimensions. */
const distinct = (documents: EmfDocument[]) =>
  new Set(
    documents.flatMap(({ dimensions, values }) =>
      Object.keys(values).map((name) => JSON.stringify([name, dimensions])),
    ),
  ).size;

const bytesOf = (document: EmfDocument) => emfLine(document)?.length ?? 0;

/** Bytes of a shard's items in the history table, and of its dead-man's document. */
export interface ShardBytes {
  slot: number;
  now: number;
  hour: number;
  day: number;
  observed: number;
}

/** Keys, times and names beside what is packed. */
const itemOverhead = 120;

/** What a shard's items weigh when all its monitors are up: they are packed as they are for the table. */
export function bytesOfShard(config: Config, { id, location, every, monitors }: Shard): ShardBytes {
  const now: NowItem = { location, shard: id, every, slot: noon, monitors: entriesOf(monitors, every) };
  const results = monitors.map(({ id: monitor }, n): [string, [Outcome, number]] => [
    monitor,
    ['up', typicalMs(n)],
  ]);
  const rollup = (buckets: number): RollupItem => ({
    shard: id,
    start: midnight,
    monitors: Object.fromEntries(
      monitors.map((monitor, n) => [
        monitor.id,
        Array.from({ length: buckets }, (_, k) => bucketOf(n * buckets + k)),
      ]),
    ),
  });
  return {
    slot: itemOverhead + packSlot({ slot: noon, every, results: Object.fromEntries(results) }).results.length,
    now: itemOverhead + packNow(now).monitors.length,
    hour: itemOverhead + packRollup(rollup(bucketsPerHour)).monitors.length,
    day: itemOverhead + packRollup(rollup(bucketsPerDay)).monitors.length,
    observed: bytesOf({
      namespace: namespaceOf(config.name),
      at: noon,
      dimensions: { Location: location, Shard: id },
      values: { Observed: monitors.length },
    }),
  };
}

const entriesOf = (monitors: Monitor[], every: number): NowItem['monitors'] =>
  Object.fromEntries(
    monitors.map(({ id }, n) => [
      id,
      {
        outcome: 'up' as const,
        since: midnight - n * unitMs.h,
        knownAt: noon,
        responseTime: typicalMs(n) + 0.4,
        certificateDaysLeft: 60,
        recent: Array.from({ length: recentSlots }, (_, k): NowItem['monitors'][string]['recent'][number] => [
          noon - (recentSlots - 1 - k) * every,
          'up',
          typicalMs(n * recentSlots + k),
        ]),
      },
    ]),
  );

const bucketOf = (n: number): RollupBucket => ({
  ...emptyBucket(),
  up: 300_000,
  answers: 5,
  responseSum: 5 * typicalMs(n) + (n % 7),
  responseMax: typicalMs(n + 1) + 100,
});

/** Response times that differ, as real ones do, and so do not pack better than real ones: 80 to 280 ms. */
function typicalMs(n: number): number {
  const once = Math.imul(n + 1, 0x9e3779b1);
  const twice = Math.imul(once ^ (once >>> 15), 0x85ebca6b);
  return 80 + (((twice ^ (twice >>> 13)) >>> 0) % 201);
}
