import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { NowItem, RollupBucket, RollupItem, SlotItem } from './history.ts';
import { decodeRecent, encodeRecent } from './recent.ts';

/** An item's bytes are its price in DynamoDB, so what repeats for every monitor is one attribute, deflated JSON. */
type Packed<Item, Key extends keyof Item> = Omit<Item, Key> & Record<Key, Uint8Array>;

export type PackedSlot = Packed<SlotItem, 'results'>;
export type PackedNow = Packed<NowItem, 'monitors'>;
export type PackedRollup = Packed<RollupItem, 'monitors'>;

export function packSlot({ slot, every, results }: SlotItem): PackedSlot {
  return { slot, every, results: deflate(results) };
}

export function unpackSlot({ slot, every, results }: PackedSlot): SlotItem {
  return { slot, every, results: inflate<SlotItem['results']>(results) };
}

export function packNow(now: NowItem): PackedNow {
  const monitors = mapValues(now.monitors, ({ recent, ...entry }) => ({
    ...entry,
    recent: encodeRecent(recent, now.slot, now.every),
  }));
  return { ...now, monitors: deflate(monitors) };
}

export function unpackNow({ location, shard, every, slot, monitors }: PackedNow): NowItem {
  const packed =
    inflate<Record<string, Omit<NowItem['monitors'][string], 'recent'> & { recent: string }>>(monitors);
  const entries = mapValues(packed, (entry) => ({
    ...entry,
    recent: decodeRecent(entry.recent, slot, every),
  }));
  return { location, shard, every, slot, monitors: entries };
}

type PackedBucket = [
  up: number,
  degraded: number,
  down: number,
  unknown: number,
  answers: number,
  responseSum: number,
  responseMax: number,
  /** Absent in what was written before there were pauses. */
  paused?: number,
  /** Likewise, maintenance windows. */
  maintenance?: number,
];

export function packRollup({ shard, start, monitors }: RollupItem): PackedRollup {
  const packed = mapValues(monitors, (buckets) => buckets.map(packBucket));
  return { shard, start, monitors: deflate(packed) };
}

export function unpackRollup({ shard, start, monitors }: PackedRollup): RollupItem {
  const packed = inflate<Record<string, PackedBucket[]>>(monitors);
  return { shard, start, monitors: mapValues(packed, (buckets) => buckets.map(unpackBucket)) };
}

const packBucket = (b: RollupBucket): PackedBucket => [
  b.up,
  b.degraded,
  b.down,
  b.unknown,
  b.answers,
  b.responseSum,
  b.responseMax,
  b.paused,
  b.maintenance,
];

function unpackBucket([
  up,
  degraded,
  down,
  unknown,
  answers,
  responseSum,
  responseMax,
  paused = 0,
  maintenance = 0,
]: PackedBucket): RollupBucket {
  return { up, degraded, down, unknown, paused, maintenance, answers, responseSum, responseMax };
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

const deflate = (value: unknown): Uint8Array => deflateRawSync(JSON.stringify(value));

const inflate = <Value>(bytes: Uint8Array): Value => JSON.parse(inflateRawSync(bytes).toString());
