import type { Level, Monitor } from '../config/config.ts';
import { namespaceOf } from '../metrics/catalog.ts';
import type { EmfDocument } from '../metrics/emf.ts';
import { answerTime, type Observation, type ObservationBatch } from '../monitors/observation.ts';
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
  const failed = seen.outcome === 'down' ? 1 : 0;
  const dimensions = { Monitor: monitor.id };
  const recovering =
    before?.downAt !== undefined && batch.slot - before.downAt <= monitor.alert.of * monitor.every;
  if (level === 'lean')
    return failed || recovering ? [{ ...common, dimensions, values: { Failed: failed } }] : [];
  const values = {
    Failed: failed,
    ...defined({ ResponseTime: answerTime(seen) }),
    ...(level === 'detailed' &&
      isFirstOfDay(batch.slot, monitor.every, before) &&
      defined({ CertificateDaysLeft: seen.certificateDaysLeft })),
  };
  const documents: EmfDocument[] = [{ ...common, dimensions, values }];
  if (level === 'detailed' && seen.timings) {
    const { dns, connect, tls, firstByte, transfer } = seen.timings;
    documents.push({
      ...common,
      highResolution: false,
      dimensions: { Monitor: monitor.id, Location: batch.location },
      values: defined({ Dns: dns, Connect: connect, Tls: tls, FirstByte: firstByte, Transfer: transfer }),
    });
  }
  return documents;
}

/** CloudWatch bills a metric by the hour it has data in, so what changes by the day is written once a day. */
const isFirstOfDay = (slot: number, every: number, before: NowEntry | undefined) =>
  before === undefined || slot % 86_400_000 < every;

function defined<Key extends string>(values: Record<Key, number | undefined>): Partial<Record<Key, number>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, number>
  >;
}

/** The dead-man's document of a shard. */
export function observedDocument(system: System, now: NowItem, monitors: readonly string[]): EmfDocument {
  return {
    namespace: namespaceOf(system.name),
    at: now.slot,
    dimensions: { Location: now.location, Shard: now.shard },
    values: { Observed: countObserved(now, monitors) },
  };
}
