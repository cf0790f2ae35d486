import type { Config, Monitor } from '../config/config.ts';
import { observedShardsOf } from '../heartbeats/shards.ts';
import { confirmingShardsOf, type Shard } from '../monitors/shards.ts';
import { dayMs, foldDay, foldHour, hourMs } from './fold.ts';
import type { RollupItem, SlotItem } from './history.ts';

/** What folding needs of the `history` table. */
export interface RollupPorts {
  readFolded(shard: string): Promise<number | undefined>;
  putFolded(shard: string, until: number): Promise<void>;
  readSlots(location: string, shard: string, from: number, to: number): Promise<SlotItem[]>;
  readRollups(period: 'HOUR' | 'DAY', shard: string, from: number, to: number): Promise<RollupItem[]>;
  putRollup(period: 'HOUR' | 'DAY', rollup: RollupItem): Promise<void>;
}

/** Milliseconds between two folds of a shard: roll-ups are at most this old. */
export const foldEvery = 5 * 60_000;

/** Slots older than this are gone (they are kept for 26 h), and what they said with them. */
const oldestSlots = 25 * hourMs;

/** A batch may come this late and still be in the roll-ups. */
const lateness = 10 * 60_000;

/**
 * Folds every shard's slots into hours, and hours into days, from where the last fold ended: after an outage of ours it
 * catches up by itself. Recomputing writes the same items.
 */
export async function foldRollups(ports: RollupPorts, config: Config, now: number): Promise<void> {
  const shards = Map.groupBy(observedShardsOf(config), (shard) => shard.id);
  const asleep = confirmingShardsOf(config);
  for (const [id, here] of shards) {
    const folded = await ports.readFolded(id);
    if (folded !== undefined && now - folded < foldEvery && isYoung(folded, now)) continue;
    const monitors = new Map(here.flatMap((shard) => shard.monitors.map((monitor) => [monitor.id, monitor])));
    const sources = [...here, ...asleep.filter(({ confirms }) => confirms === id)];
    const anything = await foldShard(ports, { id, sources, monitors: [...monitors.values()] }, folded, now);
    if (anything || folded !== undefined) await ports.putFolded(id, now);
  }
}

/** True unless the fold was made in an earlier hour: a new hour is begun without waiting. */
const isYoung = (folded: number, now: number) => Math.floor(folded / hourMs) === Math.floor(now / hourMs);

interface FoldedShard {
  id: string;
  /** Where its slots are: at each location, and those of locations that confirm. */
  sources: Pick<Shard, 'location' | 'id'>[];
  monitors: Monitor[];
}

/** False where there was no slot to fold: a new shard is looked at again a minute later, not only after five. */
async function foldShard(
  ports: RollupPorts,
  shard: FoldedShard,
  folded: number | undefined,
  now: number,
): Promise<boolean> {
  let anything = false;
  const from = Math.max((folded ?? now) - lateness, now - oldestSlots);
  const longestSlot = Math.max(...shard.monitors.map((monitor) => monitor.every));
  for (let hour = floor(from, hourMs); hour <= now; hour += hourMs) {
    const reads = shard.sources.map(({ location, id }) =>
      ports.readSlots(location, id, hour - longestSlot, hour + hourMs),
    );
    const slots = (await Promise.all(reads)).flat().filter(({ slot, every }) => slot + every > hour);
    if (slots.length === 0) continue;
    await ports.putRollup('HOUR', foldHour(shard.id, hour, shard.monitors, slots, now));
    anything = true;
  }
  for (let day = floor(from, dayMs); day <= now; day += dayMs) {
    const hours = await ports.readRollups('HOUR', shard.id, day, day + dayMs);
    if (hours.length > 0) await ports.putRollup('DAY', foldDay(shard.id, day, hours));
  }
  return anything;
}

const floor = (at: number, unit: number) => Math.floor(at / unit) * unit;
