import type { Config, Monitor } from '../../shared/config/config.ts';
import { plainAlerting } from './routes.ts';

/** A monitor as `resolve` makes it, changed where a test cares. */
export function aMonitor(changes: Partial<Monitor> = {}): Monitor {
  return {
    id: 'web',
    kind: 'http',
    name: 'web',
    enabled: true,
    localOnly: false,
    every: 60_000,
    timeout: 5_000,
    alert: { failing: 2, of: 3, severity: 'critical' },
    quorum: 1,
    locations: ['home'],
    labels: {},
    expect: [],
    settings: {},
    ...changes,
  };
}

export function aConfig(changes: Partial<Config> = {}): Config {
  return {
    name: 'acme',
    stacks: 1,
    witness: [],
    level: 'standard',
    locations: [{ id: 'home' }],
    monitors: [aMonitor()],
    channels: [],
    routes: [],
    ...plainAlerting,
    subscribers: { email: [], sms: [], https: [], minSeverity: 'info' },
    selfContact: { email: [], sms: [] },
    ...changes,
  };
}
