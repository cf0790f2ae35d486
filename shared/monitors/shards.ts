import type { Config, Monitor } from '../config/config.ts';

/** Checks per probe invocation: bounded so that one run fits well into a minute and a 1 MiB SQS message. */
export const monitorsPerShard = 50;

/** Monitors of one location and one `every`, checked together by one scheduled invocation. */
export interface Shard {
  /** `<every in seconds>s-<number>`, e.g. `10s-0`. Stable while monitors are only added. */
  id: string;
  location: string;
  /** Milliseconds, the same for all its monitors. */
  every: number;
  monitors: Monitor[];
}

/** The file of a probe's asset, one per shard: `shard-<id>.json`. */
export interface ShardFile {
  version: 1;
  name: string;
  shard: Shard;
}

/** Enabled monitors in shards, in the config's order. */
export function shardsOf(config: Config): Shard[] {
  return config.locations.flatMap(({ id: location }) => {
    const here = config.monitors.filter((m) => m.enabled && m.locations.includes(location));
    const byPeriod = Map.groupBy(here, (m) => m.every);
    return [...byPeriod].flatMap(([every, monitors]) =>
      Array.from({ length: Math.ceil(monitors.length / monitorsPerShard) }, (_, n) => ({
        id: `${every / 1_000}s-${n}`,
        location,
        every,
        monitors: monitors.slice(n * monitorsPerShard, (n + 1) * monitorsPerShard),
      })),
    );
  });
}
