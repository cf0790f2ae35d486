import type { Config, Monitor } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import type { HeartbeatSettings } from '../monitors/heartbeat/settings.ts';
import { heartbeatKind, monitorsPerShard, type Shard, shardsOf } from '../monitors/shards.ts';

/** Where heartbeats are seen from, as their history has it. No location of a config is one with these shards. */
export const pingLocation = 'pings';

/** Heartbeats are judged as often as metrics have periods. */
const every = unitMs.m;

export const isHeartbeat = (monitor: Monitor): monitor is Monitor<HeartbeatSettings> =>
  monitor.kind === heartbeatKind;

/** Every heartbeat, those that are switched off as well: their jobs go on pinging. */
export const heartbeatsOf = ({ monitors }: Pick<Config, 'monitors'>): Monitor<HeartbeatSettings>[] =>
  monitors.filter(isHeartbeat);

/** Heartbeats that are judged and recorded together. */
export interface HeartbeatShard extends Shard {
  monitors: Monitor<HeartbeatSettings>[];
}

/** Enabled heartbeats in shards. No probe checks them. */
export function heartbeatShardsOf(config: Pick<Config, 'monitors'>): HeartbeatShard[] {
  const monitors = heartbeatsOf(config).filter(({ enabled }) => enabled);
  return Array.from({ length: Math.ceil(monitors.length / monitorsPerShard) }, (_, n) => ({
    id: `heartbeats-${n}`,
    location: pingLocation,
    every,
    monitors: monitors.slice(n * monitorsPerShard, (n + 1) * monitorsPerShard),
  }));
}

/** Everything with a history: what probes check, and heartbeats. */
export const observedShardsOf = (config: Config): Shard[] => [
  ...shardsOf(config),
  ...heartbeatShardsOf(config),
];
