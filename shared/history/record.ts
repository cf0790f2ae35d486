import type { Level, Monitor } from '../config/config.ts';
import type { EmfDocument } from '../metrics/emf.ts';
import { answerTime, type Observation, type ObservationBatch } from '../monitors/observation.ts';
import type { ConfirmEvent } from '../monitors/probe-event.ts';
import { confirmingId, isConfirming } from '../monitors/shards.ts';
import { documentsOf, observedDocument } from './emission.ts';
import type { EvidenceItem, NowItem, Screenshot, SlotItem, SlotResult } from './history.ts';
import { applyBatch } from './now.ts';

/** What recording a batch needs of the world. */
export interface RecordPorts {
  readNow(location: string, shard: string): Promise<NowItem | undefined>;
  putSlot(location: string, shard: string, item: SlotItem): Promise<boolean>;
  putNow(now: NowItem, replacedSlot: number | undefined): Promise<boolean>;
  putEvidence(evidence: EvidenceItem): Promise<void>;
  putRunResult(id: string, result: EvidenceItem): Promise<void>;
  putScreenshot(screenshot: Screenshot): Promise<void>;
  /** Has a location that is asleep check what failed here. Never throws: a failure that nobody confirms is still recorded. Absent where nothing is checked from several locations. */
  askToConfirm?(location: string, event: ConfirmEvent): Promise<void>;
  emit(document: EmfDocument): void;
}

/** The shard a batch comes from, as this deployment knows it. */
export interface KnownShard {
  every: number;
  monitors: ReadonlyMap<string, Monitor>;
  /** Those of its monitors that are paused: what a batch says of them counts for nothing. Default none. */
  paused?: readonly string[];
  /** Those that are worked on: they are checked and shown, and their alarms go on, but it counts for nothing. Default none. */
  inMaintenance?: ReadonlySet<string>;
}

/**
 * Records one batch: the slot first, and its metrics only if the slot was new, so that a duplicate or an overlapping run
 * changes nothing; then state and evidence, which only ever move forward and may be repeated.
 */
export async function recordBatch(
  ports: RecordPorts,
  system: { name: string; level: Level },
  shard: KnownShard,
  sent: ObservationBatch,
): Promise<void> {
  const seen = await keepScreenshots(ports, shard, sent);
  const observations = seen.observations.filter(({ monitor }) => !shard.paused?.includes(monitor));
  const batch = { ...seen, observations };
  if (batch.requestId === undefined) await recordSlot(ports, system, shard, batch);
  // Who asks for a run wants to see it, paused or not, up or not.
  else await recordRun(ports, shard, batch.requestId, seen);
  const failing = batch.observations.filter(
    ({ outcome, reason, monitor }) =>
      (outcome === 'down' || outcome === 'degraded' || reason === 'no-network') &&
      shard.monitors.has(monitor),
  );
  await Promise.all(
    failing.map((observation) =>
      ports.putEvidence({ location: batch.location, slot: batch.slot, observation }),
    ),
  );
}

/** Pictures are items of their own: what is read and sent on with an observation only says that there is one. */
async function keepScreenshots(
  ports: RecordPorts,
  { monitors }: KnownShard,
  batch: ObservationBatch,
): Promise<ObservationBatch> {
  const { location } = batch;
  const observations = batch.observations.map(async ({ screenshot, ...seen }): Promise<Observation> => {
    const { monitor, at } = seen;
    if (screenshot === undefined || !monitors.has(monitor)) return seen;
    await ports.putScreenshot({ monitor, location, at, jpeg: Buffer.from(screenshot, 'base64') });
    return { ...seen, hasScreenshot: true };
  });
  return { ...batch, observations: await Promise.all(observations) };
}

async function recordRun(
  ports: RecordPorts,
  { monitors }: KnownShard,
  requestId: string,
  { location, slot, observations }: ObservationBatch,
): Promise<void> {
  const known = observations.filter(({ monitor }) => monitors.has(monitor));
  await Promise.all(
    known.map((observation) => ports.putRunResult(requestId, { location, slot, observation })),
  );
}

async function recordSlot(
  ports: RecordPorts,
  system: { name: string; level: Level },
  { every, monitors, paused = [], inMaintenance }: KnownShard,
  batch: ObservationBatch,
): Promise<void> {
  const before = await ports.readNow(batch.location, batch.shard);
  const fresh = await ports.putSlot(batch.location, batch.shard, slotOf(batch, every, paused, inMaintenance));
  if (fresh) {
    for (const document of documentsOf(system, monitors, batch, before)) ports.emit(document);
    await askConfirmers(ports, monitors, batch);
  }
  const now = await moveNow(ports, batch, { every, paused }, before);
  // Nobody expects anything of a location that is asleep.
  if (now && !isConfirming(batch.shard))
    ports.emit(observedDocument(system, now, [...monitors.keys()], paused));
}

/** In a slot that is new, so once: every location that is to confirm what failed is asked for all of it together. */
async function askConfirmers(
  ports: RecordPorts,
  monitors: ReadonlyMap<string, Monitor>,
  { location, shard, slot, observations }: ObservationBatch,
): Promise<void> {
  if (isConfirming(shard)) return;
  const wanted = observations
    .filter(({ outcome }) => outcome === 'down')
    .flatMap(({ monitor }) => (monitors.get(monitor)?.confirmFrom ?? []).map((from) => ({ from, monitor })));
  const asked = Map.groupBy(wanted, ({ from }) => from);
  await Promise.all(
    [...asked].map(([from, failures]) =>
      ports.askToConfirm?.(from, {
        shard: confirmingId({ location, id: shard }),
        slot,
        confirm: failures.map(({ monitor }) => monitor),
      }),
    ),
  );
}

function slotOf(
  batch: ObservationBatch,
  every: number,
  paused: readonly string[],
  inMaintenance: ReadonlySet<string> = new Set(),
): SlotItem {
  const seen = batch.observations.map((observation): [string, SlotResult] => {
    if (inMaintenance.has(observation.monitor)) return [observation.monitor, ['maintenance', null]];
    const answered = answerTime(observation);
    return [observation.monitor, [observation.outcome, answered === undefined ? null : Math.round(answered)]];
  });
  const left = paused.map((id): [string, SlotResult] => [id, ['paused', null]]);
  return { slot: batch.slot, every, results: Object.fromEntries([...seen, ...left]) };
}

/** Applies the batch to the newest state, whoever else writes it; undefined when a newer slot is already there. */
async function moveNow(
  ports: RecordPorts,
  batch: ObservationBatch,
  { every, paused }: { every: number; paused: readonly string[] },
  before: NowItem | undefined,
): Promise<NowItem | undefined> {
  for (let current = before; ; current = await ports.readNow(batch.location, batch.shard)) {
    const next = applyBatch(current, batch, every, paused);
    if (!next || (await ports.putNow(next, current?.slot))) return next;
  }
}
