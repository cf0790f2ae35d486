import type { Config } from '../config/config.ts';
import {
  probeNameOfShard as nameOfProbe,
  probeMemoryMb,
  probeTypeOf,
  type Shard,
} from '../monitors/shards.ts';
import { ofMonitor, ofRecording, ofShard } from './checking.ts';
import { ofHeartbeats } from './heartbeats.ts';
import { ofIncidents, ofOperation } from './operating.ts';
import { partsOf } from './parts.ts';
import type { PriceName } from './prices.ts';
import { ofHistory } from './storing.ts';
import { bytesOfShard, type ShardBytes } from './written.ts';

/** What a month of something uses, before it is priced. */
export interface Usage {
  /** `<thing>/<which>`, unique. */
  id: string;
  what: string;
  price: PriceName;
  quantity: number;
  /** The monitor it is for alone. */
  monitor?: string;
  /** The location it is for alone. */
  location?: string;
}

/** A shard, what its items weigh, and the memory of its probe. */
export interface WeighedShard {
  shard: Shard;
  bytes: ShardBytes;
  memoryMb: number;
}

/** Everything that the stack of a config uses in a month. */
export function usageOf(config: Config): Usage[] {
  const parts = partsOf(config);
  const monitors = config.monitors.filter(({ enabled }) => enabled);
  const weighed = weigh(config, parts.shards);
  const heartbeats = weigh(config, parts.heartbeatShards);
  return [
    ...monitors.flatMap((monitor) => ofMonitor(config, monitor)),
    ...weighed.flatMap(ofShard),
    ...ofRecording(weighed),
    ...ofHeartbeats(parts, heartbeats),
    ...ofOperation(config, parts),
    ...ofIncidents(parts, monitors.length),
    ...ofHistory([...weighed, ...heartbeats]),
  ];
}

/** Shards of as many monitors weigh the same, give or take the lengths of ids: one of each size is packed. */
function weigh(config: Config, shards: Shard[]): WeighedShard[] {
  const byProbe = Map.groupBy(shards, nameOfProbe);
  const bySize = Map.groupBy(
    shards,
    ({ every, monitors }) => `${every} ${monitors.length} ${probeTypeOf(monitors[0]!)}`,
  );
  return [...bySize.values()].flatMap((alike) => {
    const bytes = bytesOfShard(config, alike[0]!);
    return alike.map((shard) => ({
      shard,
      bytes,
      memoryMb: probeMemoryMb(byProbe.get(nameOfProbe(shard))!),
    }));
  });
}
