import type { Config } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { estimate } from './estimate.ts';

/** A change of the config and what it then comes to. */
export interface Cheaper {
  /** As one would write it: `level: 'lean'`. */
  change: string;
  /** USD a month after it. */
  total: number;
}

/** Changes of the config that save something worth the trouble, each by itself, the most first. */
export function cheaperWays(config: Config): Cheaper[] {
  const { total } = estimate(config, { freeTier: true });
  const changes: [change: string, changed: Config][] = [
    ["level: 'lean'", { ...config, level: 'lean' }],
    ["level: 'standard'", { ...config, level: config.level === 'detailed' ? 'standard' : config.level }],
    ["every: '1m' or longer", atLeastEvery(config, unitMs.m)],
    ["every: '5m' or longer", atLeastEvery(config, 5 * unitMs.m)],
  ];
  return changes
    .map(([change, changed]) => ({ change, total: estimate(changed, { freeTier: true }).total }))
    .filter((way) => way.total < total - 0.1)
    .sort((a, b) => a.total - b.total);
}

const atLeastEvery = (config: Config, every: number): Config => ({
  ...config,
  monitors: config.monitors.map((monitor) => ({ ...monitor, every: Math.max(every, monitor.every) })),
});
