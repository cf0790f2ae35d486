import type { Config, Monitor } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { isHeartbeat } from '../heartbeats/shards.ts';
import { browserStorageMb, probeTypeOf, type Shard } from '../monitors/shards.ts';
import * as assumed from './assumptions.ts';
import {
  gigabyte,
  gigabyteSeconds,
  hoursWithData,
  logGigabytes,
  perMonth,
  reads,
  sum,
  writes,
} from './month.ts';
import type { Usage, WeighedShard } from './usage.ts';
import { metricsOf } from './written.ts';

/** Alarms, metrics, their documents, and what its checks send to the internet. */
export function ofMonitor(config: Config, monitor: Monitor): Usage[] {
  const { id, every, locations } = monitor;
  const { up, down, daily, bytes } = metricsOf(config, monitor);
  const metrics = (up + (down - up) * assumed.failingHours) * hoursWithData(every) + daily / 24;
  const inNetworks = config.locations.filter(({ network }) => network).map((location) => location.id);
  const overInternet = isHeartbeat(monitor)
    ? 0
    : locations.filter((location) => !inNetworks.includes(location)).length;
  const isFast = every < unitMs.m;
  const usages: Omit<Usage, 'monitor'>[] = [
    {
      id: `alarm/monitor/${id}`,
      what: `alarm of ${id}${isFast ? ', of high resolution' : ''}`,
      price: isFast ? 'fastAlarm' : 'alarm',
      quantity: monitor.alert.degraded ? 2 : 1,
    },
    { id: `metric/monitor/${id}`, what: `metrics of ${id}`, price: 'metric', quantity: metrics },
    {
      id: `logs/monitor/${id}`,
      what: `documents of the metrics of ${id}`,
      price: 'logs',
      quantity: (perMonth(every) * locations.length * bytes) / gigabyte,
    },
    {
      id: `transfer/monitor/${id}`,
      what: `what checking ${id} sends`,
      price: 'transfer',
      quantity: (perMonth(every) * overInternet * bytesOut(monitor)) / gigabyte,
    },
  ];
  return usages.map((usage) => ({ ...usage, monitor: id }));
}

const bytesOut = (monitor: Monitor) =>
  probeTypeOf(monitor) === 'probe' ? assumed.bytesOutPerCheck : assumed.bytesOutPerPage;

/** Seconds a shard's checks of one slot take: they wait at the same time and share one part of a processor. */
const slotSeconds = ({ monitors }: Shard, memoryMb: number) =>
  assumed.waitSeconds + (monitors.length * assumed.checkCpuSeconds * assumed.memoryOfProcessorMb) / memoryMb;

/** Seconds of one invocation of a probe: below a minute it stays until the last slot of its minute. */
const probeSeconds = (shard: Shard, memoryMb: number) =>
  slotSeconds(shard, memoryMb) + Math.max(0, unitMs.m - shard.every) / 1_000;

/** What checking a shard takes, until its observations are in the queue, and its dead-man. */
export function ofShard({ shard, bytes, memoryMb }: WeighedShard): Usage[] {
  const { id, location, every } = shard;
  const of = `shard ${id} of ${location}`;
  const which = `${location}-${id}`;
  const runs = perMonth(Math.max(unitMs.m, every));
  const usages: Omit<Usage, 'location'>[] = [
    { id: `schedule/${which}`, what: `schedule of ${of}`, price: 'schedule', quantity: runs },
    { id: `invocation/${which}`, what: `invocations for ${of}`, price: 'invocation', quantity: runs },
    ...(probeTypeOf(shard.monitors[0]!) === 'probe'
      ? [
          {
            id: `compute/${which}`,
            what: `checks of ${of}`,
            price: 'compute' as const,
            quantity: gigabyteSeconds(runs * probeSeconds(shard, memoryMb), memoryMb),
          },
        ]
      : ofBrowser(which, of, runs, memoryMb)),
    { id: `queue/${which}`, what: `observations of ${of}`, price: 'queueRequest', quantity: perMonth(every) },
    {
      id: `logs/${which}`,
      what: `log of ${of}`,
      price: 'logs',
      quantity: logGigabytes(runs) + (perMonth(every) * bytes.observed) / gigabyte,
    },
    {
      id: `metric/observed/${which}`,
      what: `Observed of ${of}`,
      price: 'metric',
      quantity: hoursWithData(every),
    },
  ];
  return usages.map((usage) => ({ ...usage, location }));
}

/** The compute and the disk of checks by a browser. */
const ofBrowser = (which: string, of: string, runs: number, memoryMb: number) => [
  {
    id: `compute/${which}`,
    what: `checks of ${of}`,
    price: 'browserCompute' as const,
    quantity: gigabyteSeconds(runs * assumed.browserSeconds, memoryMb),
  },
  {
    id: `disk/${which}`,
    what: `disk for ${of}`,
    price: 'disk' as const,
    quantity: gigabyteSeconds(runs * assumed.browserSeconds, browserStorageMb - 512),
  },
];

/** Messages that one invocation takes: shards of the same minute report at the same time, to several pollers. */
const messagesPerBatch = (shards: number) =>
  Math.min(assumed.largestBatch, Math.max(1, shards / assumed.pollers));

/** The pauses, and the maintenance windows that somebody began. */
const readsPerBatch = 2;

/** What recording the observations takes: the function, and its reads and writes of slots and states. */
export function ofRecording(weighed: WeighedShard[]): Usage[] {
  const messages = sum(weighed, ({ shard }) => perMonth(shard.every));
  const batches = messages / messagesPerBatch(weighed.length);
  const forEachSlot = (of: (one: WeighedShard) => number) =>
    sum(weighed, (one) => perMonth(one.shard.every) * of(one));
  return [
    { id: 'invocation/record', what: 'recording', price: 'invocation', quantity: batches },
    {
      id: 'compute/record',
      what: 'recording',
      price: 'compute',
      quantity: gigabyteSeconds(messages * assumed.recordSeconds),
    },
    { id: 'logs/record', what: 'log of recording', price: 'logs', quantity: logGigabytes(batches) },
    {
      id: 'queue/record',
      what: 'observations received and deleted',
      price: 'queueRequest',
      quantity: 2 * batches,
    },
    {
      id: 'write/slots',
      what: 'slots and states in the table',
      price: 'tableWrite',
      quantity: forEachSlot(({ bytes }) => writes(bytes.slot) + writes(bytes.now)),
    },
    {
      id: 'read/states',
      what: 'states, pauses and maintenance windows read from the table',
      price: 'tableRead',
      quantity: forEachSlot(({ bytes }) => reads(bytes.now)) + readsPerBatch * batches,
    },
  ];
}
