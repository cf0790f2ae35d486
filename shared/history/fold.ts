import type { Monitor } from '../config/config.ts';
import type { Outcome } from '../monitors/observation.ts';
import type { RollupBucket, RollupItem, SlotItem, SlotOutcome, SlotResult } from './history.ts';

export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Parts of a roll-up: an hour has 12 of 5 minutes, a day 24 of an hour. */
export const bucketsPerHour = 12;
export const bucketsPerDay = 24;

export const emptyBucket = (): RollupBucket => ({
  up: 0,
  degraded: 0,
  down: 0,
  unknown: 0,
  paused: 0,
  maintenance: 0,
  answers: 0,
  responseSum: 0,
  responseMax: 0,
});

/**
 * One hour of a shard from the slots that touch it, whatever location they come from. A slot stands for the time until the
 * next one; nothing after `now` counts. Time without a slot is in no outcome: coverage tells it.
 */
export function foldHour(
  shard: string,
  start: number,
  monitors: readonly Pick<Monitor, 'id' | 'quorum'>[],
  slots: readonly SlotItem[],
  now: number,
): RollupItem {
  const bySlot = [...Map.groupBy(slots, (item) => item.slot)];
  const end = Math.min(start + hourMs, now);
  const folded = monitors.map(({ id, quorum }) => {
    const buckets = Array.from({ length: bucketsPerHour }, emptyBucket);
    for (const [slot, votes] of bySlot) {
      const results = votes.flatMap((vote) => (vote.results[id] ? [vote.results[id]] : []));
      if (results.length === 0) continue;
      const every = votes[0]!.every;
      addTime(buckets, start, slot, Math.min(slot + every, end), judgeSlot(results, quorum));
      if (slot >= start && slot < end) addAnswers(buckets[bucketAt(start, slot)]!, results);
    }
    return [id, buckets] as const;
  });
  return { shard, start, monitors: Object.fromEntries(folded) };
}

const bucketMs = hourMs / bucketsPerHour;
const bucketAt = (start: number, at: number) => Math.floor((at - start) / bucketMs);

/** What the locations together say of a slot: the same sum that the alarm compares with the quorum. */
export function judgeSlot(results: readonly SlotResult[], quorum: number): SlotOutcome {
  if (results.some(([seen]) => seen === 'maintenance')) return 'maintenance';
  if (results.length > 0 && results.every(([seen]) => seen === 'paused')) return 'paused';
  return agreed(
    results.map(([seen]) => seen),
    quorum,
  );
}

/** What locations say together, by what each says. */
export function agreed(outcomes: readonly SlotOutcome[], quorum: number): Outcome {
  const count = (outcome: Outcome) => outcomes.filter((seen) => seen === outcome).length;
  if (count('down') >= quorum) return 'down';
  if (count('degraded') > 0) return 'degraded';
  return count('up') > 0 ? 'up' : 'unknown';
}

function addTime(
  buckets: RollupBucket[],
  start: number,
  from: number,
  to: number,
  outcome: SlotOutcome,
): void {
  buckets.forEach((bucket, n) => {
    const bucketStart = start + n * bucketMs;
    const overlap = Math.min(to, bucketStart + bucketMs) - Math.max(from, bucketStart);
    if (overlap > 0) bucket[outcome] += overlap;
  });
}

function addAnswers(bucket: RollupBucket, results: readonly SlotResult[]): void {
  for (const [, responseTime] of results) {
    if (responseTime === null) continue;
    bucket.answers += 1;
    bucket.responseSum += responseTime;
    bucket.responseMax = Math.max(bucket.responseMax, responseTime);
  }
}

/** One day of a shard from its hours: one bucket an hour. */
export function foldDay(shard: string, start: number, hours: readonly RollupItem[]): RollupItem {
  const ids = new Set(hours.flatMap((hour) => Object.keys(hour.monitors)));
  const folded = [...ids].map((id) => {
    const buckets = Array.from({ length: bucketsPerDay }, emptyBucket);
    for (const hour of hours) {
      const bucket = (hour.start - start) / hourMs;
      if (buckets[bucket]) buckets[bucket] = sumBuckets(hour.monitors[id] ?? []);
    }
    return [id, buckets] as const;
  });
  return { shard, start, monitors: Object.fromEntries(folded) };
}

export function sumBuckets(buckets: readonly RollupBucket[]): RollupBucket {
  return buckets.reduce(
    (sum, bucket) => ({
      up: sum.up + bucket.up,
      degraded: sum.degraded + bucket.degraded,
      down: sum.down + bucket.down,
      unknown: sum.unknown + bucket.unknown,
      paused: sum.paused + bucket.paused,
      maintenance: sum.maintenance + bucket.maintenance,
      answers: sum.answers + bucket.answers,
      responseSum: sum.responseSum + bucket.responseSum,
      responseMax: Math.max(sum.responseMax, bucket.responseMax),
    }),
    emptyBucket(),
  );
}
