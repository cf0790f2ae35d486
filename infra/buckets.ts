import { createHash } from 'node:crypto';
import type { Config, Monitor } from '../shared/config/config.ts';
import { stackCounts } from '../shared/config/schema.ts';
import { observedShardsOf } from '../shared/heartbeats/shards.ts';
import type { Shard } from '../shared/monitors/shards.ts';
import { monitorAlarmNames } from './alarms/monitor-alarms.ts';

/** Alarms one of several stacks holds at most; schedules and their role need room below CloudFormation's 500 resources. */
export const maxAlarms = 400;

/**
 * Which of `stacks` (a power of two) something belongs to: the first bits of its id's SHA-256, the very first counting least. So
 * twice as many stacks take half of what stack n has to stack n + `stacks`, and nothing moves otherwise.
 */
export function bucketOf(id: string, stacks: number): number {
  const [first = 0] = createHash('sha256').update(id).digest();
  let bucket = 0;
  for (let bit = 0; 2 ** bit < stacks; bit++) bucket += ((first >> (7 - bit)) & 1) * 2 ** bit;
  return bucket;
}

export const bucketOfMonitor = ({ id }: Pick<Monitor, 'id'>, stacks: number) => bucketOf(id, stacks);

/** Its schedule and its alarm lie together. */
export const bucketOfShard = ({ location, id }: Pick<Shard, 'location' | 'id'>, stacks: number) =>
  bucketOf(`${location}/${id}`, stacks);

/** Alarms in the fullest of so many stacks. */
export function mostAlarms(config: Config, stacks: number): number {
  const alarms = Array.from({ length: stacks }, () => 0);
  const add = (bucket: number, count: number) => {
    alarms[bucket] = (alarms[bucket] ?? 0) + count;
  };
  for (const monitor of config.monitors.filter(({ enabled }) => enabled))
    add(bucketOfMonitor(monitor, stacks), monitorAlarmNames(config, monitor).length);
  for (const shard of observedShardsOf(config)) add(bucketOfShard(shard, stacks), 1);
  return Math.max(...alarms);
}

/** The smallest number of several stacks that holds the alarms of a config; undefined where none does. */
export const stacksFor = (config: Config): number | undefined =>
  stackCounts.find((stacks) => stacks > 1 && mostAlarms(config, stacks) <= maxAlarms);

/** What to do when the stacks a config asks for cannot hold it. */
export function moreStacks(config: Config): string {
  const stacks = stacksFor(config);
  return stacks
    ? `write stacks: ${stacks} into the config (docs/deploying.md says how to get there)`
    : 'move some monitors into a config file with a name of its own, and deploy both';
}
