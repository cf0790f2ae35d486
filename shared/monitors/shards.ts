import type { Config, Monitor } from '../config/config.ts';

/** Kind of the monitors that tell us by themselves, and that no probe checks. */
export const heartbeatKind = 'heartbeat';

/** Checks per probe invocation: bounded so that one run fits well into a minute and a 1 MiB SQS message. */
export const monitorsPerShard = 100;

/**
 * What a check needs of its function: most need a `probe`; a `browser` is heavy, and a `script` is code that is not ours, which must
 * not run beside the secrets of other checks.
 */
export type ProbeType = 'probe' | 'browser' | 'script';

export const probeTypeOf = ({ kind }: Pick<Monitor, 'kind'>): ProbeType =>
  kind === 'browser' || kind === 'script' ? kind : 'probe';

/** What the function of a location that checks a monitor is called within the stack. */
export const probeNameOf = (monitor: Pick<Monitor, 'kind'>, location: string) =>
  `${probeTypeOf(monitor)}-${location}` as const;

/** What the function that checks a shard is called: all its monitors need the same. */
export const probeNameOfShard = ({ location, monitors }: Pick<Shard, 'location' | 'monitors'>) =>
  probeNameOf(monitors[0]!, location);

/** Megabytes of a browser and its page; the processor grows with them. */
const browserMemoryMb = 2_048;

/** Megabytes of its disk: Chromium takes some 300 unpacked, and pages what they download. */
export const browserStorageMb = 1_024;

/** Megabytes of a probe by its largest shard: its checks share a processor that grows with the memory. */
export function probeMemoryMb(shards: readonly Pick<Shard, 'monitors'>[]): number {
  if (shards.some(({ monitors }) => monitors.some((monitor) => probeTypeOf(monitor) !== 'probe')))
    return browserMemoryMb;
  return shards.some(({ monitors }) => monitors.length > monitorsPerShard / 2) ? 512 : 256;
}

/** Monitors of one location, one `every` and one type of probe, checked together by one scheduled invocation; of those with a browser one alone. */
export interface Shard {
  /** `<every in seconds>s-<number>`, e.g. `10s-0`, `browser-300s-0`. Stable while monitors are only added. */
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
  witness: string[];
  shard: Shard;
}

/**
 * Enabled monitors that probes check, in shards, in the config's order. A monitor is in the shard of the same id at each of its locations,
 * so that what the locations saw of it can be judged together.
 */
export function shardsOf(config: Config): Shard[] {
  const alike = Map.groupBy(
    config.monitors.filter((m) => m.enabled && m.kind !== heartbeatKind),
    ({ every, ...monitor }) => {
      const type = probeTypeOf(monitor);
      return `${type === 'probe' ? '' : `${type}-`}${every / 1_000}s`;
    },
  );
  const everywhere = [...alike].flatMap(([name, monitors]) => {
    const most = probeTypeOf(monitors[0]!) === 'probe' ? monitorsPerShard : 1;
    return Array.from({ length: Math.ceil(monitors.length / most) }, (_, n) => ({
      id: `${name}-${n}`,
      every: monitors[0]!.every,
      monitors: monitors.slice(n * most, (n + 1) * most),
    }));
  });
  return config.locations.flatMap(({ id: location }) =>
    everywhere
      .map((shard) => ({
        ...shard,
        location,
        monitors: shard.monitors.filter((m) => m.locations.includes(location)),
      }))
      .filter((shard) => shard.monitors.length > 0),
  );
}

/** Locations whose probes check a monitor. */
export const checkedFrom = (config: Config, monitor: string): string[] =>
  shardsOf(config)
    .filter(({ monitors }) => monitors.some(({ id }) => id === monitor))
    .map(({ location }) => location);

/** What a location that is asleep checks when another one saw it fail: the monitors that one shard has and that name it. */
export interface ConfirmingShard extends Shard {
  /** Id of the shard whose failures it looks at. */
  confirms: string;
}

const confirming = 'confirm-';

/** Whether a shard is checked only when another one fails. */
export const isConfirming = (shard: string) => shard.startsWith(confirming);

/** Id of the shards that look at the failures of this one, at any location. */
export const confirmingId = ({ location, id }: Pick<Shard, 'location' | 'id'>) =>
  `${confirming}${location}-${id}`;

/** Shards without a schedule. A monitor in them is checked regularly from one location, so a slot of theirs is asked for once. */
export function confirmingShardsOf(config: Config): ConfirmingShard[] {
  const regular = shardsOf(config);
  return config.locations.flatMap(({ id: location }) =>
    regular
      .map((shard) => ({
        id: confirmingId(shard),
        location,
        every: shard.every,
        monitors: shard.monitors.filter(({ confirmFrom = [] }) => confirmFrom.includes(location)),
        confirms: shard.id,
      }))
      .filter(({ monitors }) => monitors.length > 0),
  );
}

/** Every shard that a probe must be able to check. */
export const probedShardsOf = (config: Config): Shard[] => [
  ...shardsOf(config),
  ...confirmingShardsOf(config),
];
