import type { Config } from '../config/config.ts';
import { regionAwayFromHome } from '../config/locations.ts';
import { heartbeatShardsOf, heartbeatsOf } from '../heartbeats/shards.ts';
import { probedShardsOf, probeNameOfShard, type Shard, shardsOf } from '../monitors/shards.ts';
import { channelKinds } from '../notifications/index.ts';

/** What the stack of a config is made of, by the names it gives to things; a test compares them with the template. */
export interface Parts {
  shards: Shard[];
  /** Of heartbeats, which no probe checks. */
  heartbeatShards: Shard[];
  /** `notify-<kind>` of every kind of channel in use. */
  notifiers: string[];
  /** Functions of the main stack; probes of other Regions are not in it. */
  functions: string[];
  queues: string[];
  /** Alarms about Tocsin itself: `<system>/self/<…>`. */
  ownAlarms: string[];
  /** Metrics on the dashboard. */
  dashboardMetrics: number;
}

/** The parts of the stack of a config, without what runs under `npm start` only. */
export function partsOf(config: Config): Parts {
  const shards = shardsOf(config);
  const probed = probedShardsOf(config);
  const away = config.locations.filter((location) => regionAwayFromHome(config, location) !== undefined);
  const atHome = probed.filter(({ location }) => !away.some(({ id }) => id === location));
  const probes = unique(atHome.map(probeNameOfShard));
  const kinds = config.channels.map(({ kind }) => kind).filter((kind) => Object.hasOwn(channelKinds, kind));
  const notifiers = unique(kinds.map((kind) => `notify-${kind}`));
  const heartbeatShards = heartbeatShardsOf(config);
  const ofHeartbeats = heartbeatsOf(config).length > 0 ? ['receive-heartbeat', 'judge-heartbeats'] : [];
  const always = ['record-observations', 'track-incidents', 'reconcile'];
  const functions = [...probes, ...always, ...ofHeartbeats, ...notifiers, 'api'];
  const queues = ['observations', 'alarms', 'timers', ...notifiers];
  const own = [
    ...[...shards, ...heartbeatShards].map(({ location, id }) => `blind-${location}-${id}`),
    ...functions.map((name) => `errors-${name}`),
    ...queues.map((name) => `dead-letters-${name}`),
    ...queues.filter((name) => name !== 'timers').map((name) => `late-${name}`),
    'metrics-unreadable',
    'metrics-invalid',
    ...[...(probes.length > 0 ? ['probe'] : []), ...notifiers].map((name) => `secret-missing-${name}`),
    'reconcile-drift',
    ...(config.deadMan ? ['dead-man'] : []),
  ];
  return {
    shards,
    heartbeatShards,
    notifiers,
    functions,
    queues,
    ownAlarms: own.map((name) => `${config.name}/self/${name}`),
    dashboardMetrics: dashboardMetrics(config, functions.length, queues.length, notifiers.length),
  };
}

/** Incident events; sent and given up of each notifier; errors and duration; age and dead letters; failures and response times. */
function dashboardMetrics(config: Config, functions: number, queues: number, notifiers: number): number {
  const shown = config.level === 'lean' ? [] : config.monitors.filter(({ enabled }) => enabled);
  const silent = heartbeatsOf({ monitors: shown }).length;
  return 1 + 2 * (notifiers + functions + queues + shown.length) - silent;
}

const unique = (names: string[]) => [...new Set(names)];
