import { unitMs } from '../duration.ts';
import * as assumed from './assumptions.ts';
import { gigabyte, gigabyteSeconds, hoursWithData, logGigabytes, reads, sum, writes } from './month.ts';
import type { Parts } from './parts.ts';
import type { Usage, WeighedShard } from './usage.ts';

/** What heartbeats take: their pings, and a verdict on all of them every minute. Nothing where there are none. */
export function ofHeartbeats({ functions }: Parts, weighed: WeighedShard[]): Usage[] {
  if (!functions.includes('judge-heartbeats')) return [];
  const heartbeats = sum(weighed, ({ shard }) => shard.monitors.length);
  const pings = heartbeats * assumed.pingsPerHeartbeat;
  const minutes = assumed.minutesPerMonth;
  return [
    { id: 'schedule/heartbeats', what: 'schedule of judge-heartbeats', price: 'schedule', quantity: minutes },
    {
      id: 'invocation/heartbeats',
      what: 'verdicts and pings',
      price: 'invocation',
      quantity: minutes + pings,
    },
    {
      id: 'compute/heartbeats',
      what: 'verdicts and pings',
      price: 'compute',
      quantity: gigabyteSeconds(minutes * assumed.recordSeconds + pings * assumed.pingSeconds),
    },
    { id: 'web/heartbeats', what: 'pings', price: 'webRequest', quantity: pings },
    {
      id: 'logs/heartbeats',
      what: 'log of heartbeats',
      price: 'logs',
      quantity:
        logGigabytes(minutes + pings) + (minutes * sum(weighed, ({ bytes }) => bytes.observed)) / gigabyte,
    },
    {
      id: 'write/heartbeats',
      what: 'pings, slots and states in the table',
      price: 'tableWrite',
      quantity:
        pings * (1 + assumed.pingKilobytes) +
        minutes * sum(weighed, ({ bytes }) => writes(bytes.slot) + writes(bytes.now)),
    },
    {
      id: 'read/heartbeats',
      what: 'records and states read from the table',
      price: 'tableRead',
      quantity:
        pings + minutes * (reads(heartbeats * 1_024) + 1 + sum(weighed, ({ bytes }) => reads(bytes.now))),
    },
    {
      id: 'metric/observed/heartbeats',
      what: 'Observed of heartbeats',
      price: 'metric',
      quantity: weighed.length * hoursWithData(unitMs.m),
    },
  ];
}
