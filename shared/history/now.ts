import { answerTime, type Observation, type ObservationBatch } from '../monitors/observation.ts';
import type { NowEntry, NowItem } from './history.ts';

/** Latest slots kept of every monitor, for the sparkline. */
export const recentSlots = 30;

/** Slots after which a known outcome counts as no longer known. */
const knownForSlots = 2;

/** The shard's state after a batch; undefined when the batch is not newer than what is there. */
export function applyBatch(
  before: NowItem | undefined,
  batch: ObservationBatch,
  every: number,
): NowItem | undefined {
  if (before && batch.slot <= before.slot) return undefined;
  const monitors = { ...before?.monitors };
  for (const observation of batch.observations)
    monitors[observation.monitor] = nextEntry(monitors[observation.monitor], observation, batch.slot, every);
  return { location: batch.location, shard: batch.shard, every, slot: batch.slot, monitors };
}

function nextEntry(before: NowEntry | undefined, seen: Observation, slot: number, every: number): NowEntry {
  const { outcome, message, certificateDaysLeft, components, note } = seen;
  const responseTime = answerTime(seen);
  const knownAt = outcome === 'unknown' ? before?.knownAt : slot;
  const downAt = outcome === 'down' ? slot : before?.downAt;
  const degradedAt = outcome === 'degraded' ? slot : before?.degradedAt;
  const oldest = slot - (recentSlots - 1) * every;
  return {
    outcome,
    since: before?.outcome === outcome ? before.since : slot,
    ...(knownAt !== undefined && { knownAt }),
    ...(downAt !== undefined && { downAt }),
    ...(degradedAt !== undefined && { degradedAt }),
    ...(responseTime !== undefined && { responseTime }),
    ...(message !== undefined && { message }),
    ...(certificateDaysLeft !== undefined && { certificateDaysLeft }),
    ...(components && {
      components: components.map(({ name, outcome: said, latency }) => [name, said, latency ?? null]),
    }),
    ...(note !== undefined && { note }),
    recent: [
      ...(before?.recent ?? []).filter(([at]) => at >= oldest),
      [slot, outcome, responseTime === undefined ? null : Math.round(responseTime)],
    ],
  };
}

/** How many of these monitors have an outcome other than `unknown` that is no older than two slots: the dead-man's value. */
export function countObserved(now: NowItem, monitors: readonly string[]): number {
  const oldest = now.slot - knownForSlots * now.every;
  return monitors.filter((id) => (now.monitors[id]?.knownAt ?? Number.NEGATIVE_INFINITY) >= oldest).length;
}
