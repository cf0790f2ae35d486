import type { Level, Monitor } from '../config/config.ts';
import type { EmfDocument } from '../metrics/emf.ts';
import { answerTime, type ObservationBatch } from '../monitors/observation.ts';
import { documentsOf, observedDocument } from './emission.ts';
import type { EvidenceItem, NowItem, SlotItem } from './history.ts';
import { applyBatch } from './now.ts';

/** What recording a batch needs of the world. */
export interface RecordPorts {
  readNow(location: string, shard: string): Promise<NowItem | undefined>;
  putSlot(location: string, shard: string, item: SlotItem): Promise<boolean>;
  putNow(now: NowItem, replacedSlot: number | undefined): Promise<boolean>;
  putEvidence(evidence: EvidenceItem): Promise<void>;
  emit(document: EmfDocument): void;
}

/** The shard a batch comes from, as this deployment knows it. */
export interface KnownShard {
  every: number;
  monitors: ReadonlyMap<string, Monitor>;
}

/**
 * Records one batch: the slot first, and its metrics only if the slot was new, so that a duplicate or an overlapping run
 * changes nothing; then state and evidence, which only ever move forward and may be repeated.
 */
export async function recordBatch(
  ports: RecordPorts,
  system: { name: string; level: Level },
  shard: KnownShard,
  batch: ObservationBatch,
): Promise<void> {
  if (batch.requestId === undefined) await recordSlot(ports, system, shard, batch);
  const failing = batch.observations.filter(
    ({ outcome, monitor }) => (outcome === 'down' || outcome === 'degraded') && shard.monitors.has(monitor),
  );
  await Promise.all(
    failing.map((observation) =>
      ports.putEvidence({ location: batch.location, slot: batch.slot, observation }),
    ),
  );
}

async function recordSlot(
  ports: RecordPorts,
  system: { name: string; level: Level },
  { every, monitors }: KnownShard,
  batch: ObservationBatch,
): Promise<void> {
  const before = await ports.readNow(batch.location, batch.shard);
  const fresh = await ports.putSlot(batch.location, batch.shard, slotOf(batch, every));
  if (fresh) for (const document of documentsOf(system, monitors, batch, before)) ports.emit(document);
  const now = await moveNow(ports, batch, every, before);
  if (now) ports.emit(observedDocument(system, now, [...monitors.keys()]));
}

function slotOf(batch: ObservationBatch, every: number): SlotItem {
  const results = batch.observations.map((observation) => {
    const answered = answerTime(observation);
    return [observation.monitor, [observation.outcome, answered === undefined ? null : Math.round(answered)]];
  });
  return { slot: batch.slot, every, results: Object.fromEntries(results) };
}

/** Applies the batch to the newest state, whoever else writes it; undefined when a newer slot is already there. */
async function moveNow(
  ports: RecordPorts,
  batch: ObservationBatch,
  every: number,
  before: NowItem | undefined,
): Promise<NowItem | undefined> {
  for (let current = before; ; current = await ports.readNow(batch.location, batch.shard)) {
    const next = applyBatch(current, batch, every);
    if (!next || (await ports.putNow(next, current?.slot))) return next;
  }
}
