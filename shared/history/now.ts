import { answerTime, isOurFault, type Observation, type ObservationBatch } from '../monitors/observation.ts';
import type { NowEntry, NowItem } from './history.ts';

/** Latest slots kept of every monitor, for the sparkline. */
export const recentSlots = 30;

/** Slots after which a known outcome counts as no longer known. */
const knownForSlots = 2;

/**
 * The shard's state after a batch; undefined when the batch is not newer than what is there.
 * @param paused monitors that the batch says nothing about on purpose
 */
export function applyBatch(
  before: NowItem | undefined,
  batch: ObservationBatch,
  every: number,
  paused: readonly string[] = [],
): NowItem | undefined {
  if (before && batch.slot <= before.slot) return undefined;
  const monitors = { ...before?.monitors };
  for (const observation of batch.observations)
    monitors[observation.monitor] = nextEntry(monitors[observation.monitor], observation, batch.slot, every);
  for (const id of paused) {
    const entry = monitors[id];
    if (entry) monitors[id] = pausedEntry(entry, batch.slot, every);
  }
  return { location: batch.location, shard: batch.shard, every, slot: batch.slot, monitors };
}

/** What is left of a monitor that is paused: the checks before. When it is checked again, its state begins anew. */
const pausedEntry = ({ outcome, since, recent }: NowEntry, slot: number, every: number): NowEntry => ({
  outcome: 'unknown',
  since: outcome === 'unknown' ? since : slot,
  recent: newestOf(recent, slot, every),
});

const newestOf = (recent: NowEntry['recent'], slot: number, every: number) =>
  recent.filter(([at]) => at >= slot - (recentSlots - 1) * every);

function nextEntry(before: NowEntry | undefined, seen: Observation, slot: number, every: number): NowEntry {
  const { outcome, message, certificateDaysLeft, components, note } = seen;
  const responseTime = answerTime(seen);
  const knownAt = isOurFault(seen) ? before?.knownAt : slot;
  const downAt = outcome === 'down' ? slot : before?.downAt;
  const degradedAt = outcome === 'degraded' ? slot : before?.degradedAt;
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
      ...newestOf(before?.recent ?? [], slot, every),
      [slot, outcome, responseTime === undefined ? null : Math.round(responseTime)],
    ],
  };
}

/** How many of these monitors nothing of ours kept us from checking, no longer than two slots ago: the dead-man's value. */
export function countObserved(now: NowItem, monitors: readonly string[]): number {
  const oldest = now.slot - knownForSlots * now.every;
  return monitors.filter((id) => (now.monitors[id]?.knownAt ?? Number.NEGATIVE_INFINITY) >= oldest).length;
}
