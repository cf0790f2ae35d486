import type { Config, Monitor } from '../../shared/config/config.ts';
import { describe } from '../../shared/incidents/describe.ts';
import type { AlarmSignal } from '../../shared/incidents/incident.ts';
import type { Scene } from '../../shared/incidents/transition/change.ts';
import { planOf } from '../../shared/routing/plan.ts';
import type { Severity } from '../../shared/severity.ts';
import { plainAlerting, routeTo } from '../support/routes.ts';

/** When the stories of these tests begin. */
export const start = Date.parse('2026-11-20T05:10:00Z');

export function monitor(id: string, severity: Severity, more: Partial<Monitor> = {}): Monitor {
  return {
    id,
    kind: 'http',
    name: id,
    enabled: true,
    localOnly: false,
    every: 10_000,
    timeout: 5_000,
    alert: { failing: 2, of: 3, severity },
    quorum: 1,
    locations: ['home'],
    labels: { service: 'web', team: 'platform' },
    runbook: `https://wiki.example.com/runbooks/${id}`,
    expect: [],
    settings: {},
    ...more,
  };
}

/** A critical monitor that is told at once, and one that waits for 30 s. */
export const config: Config = {
  name: 'acme',
  stacks: 1,
  witness: [],
  level: 'standard',
  locations: [{ id: 'home' }],
  monitors: [monitor('website', 'critical'), monitor('search', 'warning')],
  channels: [
    { id: 'ops', kind: 'slack', settings: {} },
    { id: 'oncall', kind: 'email', settings: {} },
  ],
  routes: [
    routeTo(['ops', 'oncall'], { severity: ['critical'] }),
    routeTo(['ops'], {}, { path: 'routes[1]' }),
  ],
  ...plainAlerting,
  subscribers: { email: [], sms: [], https: [], minSeverity: 'info' },
  selfContact: { email: [], sms: [] },
};

/** A change of the monitor's alarm, `seconds` after the start. `copy` tells alarms of one monitor apart. */
export function signal(id: string, state: AlarmSignal['state'], seconds: number, copy = ''): AlarmSignal {
  const name = `acme/monitor/${id}`;
  return {
    form: 'metric',
    key: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}${copy}`,
    name,
    state,
    at: start + seconds * 1_000,
    reason: `it is ${state}`,
    subject: { type: 'monitor', id },
  };
}

/** A moment at which nothing is held back and everybody can be reached. */
export const sceneAt = (now: number, more: Partial<Scene> = {}): Scene => ({
  now,
  system: 'acme',
  reopenWithin: config.reopenWithin,
  links: () => ({}),
  suppressionOf: () => undefined,
  channelsOf: (target) => ('channel' in target ? [target.channel] : []),
  fallbackOf: () => undefined,
  isPerson: (id, name) => id === name,
  follows: () => false,
  planFor: (subject, labels) => planOf(config, subject, labels),
  ...more,
});

export const about = (of: AlarmSignal) => describe(of, config);
