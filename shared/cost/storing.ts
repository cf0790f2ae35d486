import { unitMs } from '../duration.ts';
import { foldEvery } from '../history/roll-up.ts';
import * as assumed from './assumptions.ts';
import { gigabyte, perMonth, reads, sum, writes } from './month.ts';
import type { Usage, WeighedShard } from './usage.ts';

/** How long the history table keeps its items, see `shared/aws/history-table.ts`. */
const slotsKept = 26 * unitMs.h;
const hoursKept = 40 * 24;
const daysKept = 400;

/** Hours of a day that there are when it is folded, on average. */
const hoursOfDay = 12;

/** Roll-ups, and what lies in the history table. */
export function ofHistory(weighed: WeighedShard[]): Usage[] {
  const folded = [...new Map(weighed.map((one) => [one.shard.id, one])).values()];
  const stored =
    sum(weighed, ({ shard, bytes }) => (slotsKept * bytes.slot) / shard.every + bytes.now) +
    sum(folded, ({ bytes }) => hoursKept * bytes.hour + daysKept * bytes.day);
  return [
    {
      id: 'write/roll-ups',
      what: 'hours and days in the table',
      price: 'tableWrite',
      quantity: perMonth(foldEvery) * sum(folded, ({ bytes }) => writes(bytes.hour) + writes(bytes.day) + 1),
    },
    {
      id: 'read/roll-ups',
      what: 'slots and hours read to fold them',
      price: 'tableRead',
      // Eventually consistent, which is half the price; and every minute, whether a shard is to be folded.
      quantity:
        (perMonth(foldEvery) * (sum(weighed, readsOfSlots) + sum(folded, readsOfHours)) +
          assumed.minutesPerMonth * folded.length) /
        2,
    },
    {
      id: 'storage/history',
      what: 'history in the table',
      price: 'tableStorage',
      quantity: stored / gigabyte,
    },
    {
      id: 'backup/history',
      what: 'history, restorable to any second',
      price: 'tableBackup',
      quantity: stored / gigabyte,
    },
  ];
}

/** Slots of the hour so far: half of it, on average. */
const readsOfSlots = ({ shard, bytes }: WeighedShard) =>
  reads(Math.ceil(unitMs.h / shard.every / 2) * bytes.slot);

const readsOfHours = ({ bytes }: WeighedShard) => reads(hoursOfDay * bytes.hour);
