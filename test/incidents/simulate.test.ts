import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { type Known, type Simulation, simulate } from '../../shared/incidents/simulate.ts';
import { labelsOf } from '../../shared/routing/plan.ts';
import type { Route } from '../../shared/routing/route.ts';
import type { Severity } from '../../shared/severity.ts';
import { aConfig, aMonitor } from '../support/monitor.ts';
import { routeTo } from '../support/routes.ts';

const minute = 60_000;
const hour = 60 * minute;

/** 11:00 of a Friday in Madrid. */
const at = Date.parse('2026-11-20T10:00:00Z');

const office = { zone: 'Europe/Madrid', times: [{ days: [1, 2, 3, 4, 5], from: 540, to: 1_080 }] };

const alerting: Partial<Config> = {
  channels: ['ops', 'page', 'ana', 'ben', 'boss'].map((id) => ({ id, kind: 'slack', settings: {} })),
  people: [
    { id: 'ana', name: 'Ana', contacts: ['ana'] },
    { id: 'ben', name: 'Ben', contacts: ['ben'] },
  ],
  rotations: [
    {
      id: 'platform',
      zone: 'UTC',
      layers: [{ people: ['ana', 'ben'], start: '2026-11-20T00:00', turn: { unit: 'hours', count: 12 } }],
    },
  ],
  escalations: [
    {
      policy: 'platform',
      steps: [
        { after: 5 * minute, notify: [{ rotation: 'platform' }] },
        { after: 3 * hour, notify: [{ channel: 'boss' }, { rotation: 'platform' }] },
      ],
      repeat: 0,
      acknowledgedFor: 0,
    },
  ],
};

const nothing: Known = { overrides: [], silences: [], windows: [] };

function supposing(routes: Route[], severity: Severity = 'critical', known: Partial<Known> = {}, when = at) {
  const monitor = aMonitor({ labels: { team: 'web' } });
  const subject = { type: 'monitor', id: monitor.id } as const;
  const config = aConfig({ ...alerting, monitors: [monitor], routes });
  const labels = labelsOf(subject, severity, monitor);
  return simulate(config, { subject, labels, severity }, when, { ...nothing, ...known });
}

/** Minutes after the beginning, why, and who. */
const told = ({ notices }: Simulation, from = at) =>
  notices.map(({ at, reason, channels }) => [
    (at - from) / minute,
    reason,
    channels.map(({ channel, whom }) => (whom ? `${channel}: ${whom}` : channel)).join('; '),
  ]);

describe('an incident that nobody acknowledges', () => {
  test('is told at once, and again every four hours', () => {
    const simulation = supposing([routeTo(['ops'])]);
    expect(simulation.routes).toEqual(['routes[0]']);
    expect(told(simulation)).toEqual([
      [0, 'first', 'ops'],
      [240, 'repeat', 'ops'],
    ]);
    expect(simulation.told).toEqual(['ops']);
  });

  test('waits for others where it is not critical, and is not repeated where a route says so', () => {
    expect(told(supposing([routeTo(['ops'], {}, { repeatEvery: 0 })], 'warning'))).toEqual([
      [0.5, 'first', 'ops'],
    ]);
  });

  test('is escalated to whoever is on call at the time of each step', () => {
    const routes = [routeTo(['ops'], {}, { escalate: 'platform', repeatEvery: 0 })];
    expect(told(supposing(routes))).toEqual([
      [0, 'first', 'ops'],
      [5, 'escalated', 'ana: Ana, on call in platform'],
      [185, 'escalated', 'boss; ben: Ben, on call in platform'],
    ]);
    const override = { id: 'one', rotation: 'platform', person: 'ben', from: at, to: at + hour, by: 'eva' };
    expect(told(supposing(routes, 'critical', { overrides: [override] }))[1]).toEqual([
      5,
      'escalated',
      'ben: Ben, on call in platform',
    ]);
  });

  test('reaches channels at their hours', () => {
    const saturday = at + 24 * hour;
    const simulation = supposing([routeTo(['ops'], {}, { hours: office })], 'warning', {}, saturday);
    expect(told(simulation, saturday)).toEqual([
      [0.5, 'first', ''],
      [46 * 60, 'mute-ended', 'ops'],
      [48 * 60 + 0.5, 'repeat', 'ops'],
    ]);
  });

  test('is in the digest of the next day, where a channel asks for one', () => {
    const digest = { at: 480, zone: 'Europe/Madrid' };
    const { notices, told } = supposing([routeTo(['ops'], {}, { digest, sendResolved: false })], 'info');
    expect(notices).toEqual([
      {
        at: at + 30_000,
        reason: 'first',
        channels: [{ channel: 'ops', digest: Date.parse('2026-11-21T07:00:00Z') }],
      },
    ]);
    expect(told).toEqual([]);
  });

  test('is held back by a silence, and told when that ends', () => {
    const silence = {
      id: 'quiet',
      matchers: [{ label: 'team', operator: '=' as const, values: ['web'] }],
      startsAt: at - hour,
      endsAt: at + hour,
      by: 'ana',
      comment: 'deploy',
      updatedAt: at - hour,
    };
    const simulation = supposing([routeTo(['ops'], {}, { repeatEvery: 0 })], 'critical', {
      silences: [silence],
    });
    expect(simulation.held).toEqual([
      { at, text: 'silenced by ana until 2026-11-20 11:00 UTC: deploy', until: at + hour },
    ]);
    expect(told(simulation)).toEqual([[60, 'mute-ended', 'ops']]);
  });

  test('is held back by a window that somebody began', () => {
    const window = { id: 'deploy', monitors: ['web'], from: at, to: at + hour, by: 'ana' };
    const simulation = supposing([routeTo(['ops'], {}, { repeatEvery: 0 })], 'critical', {
      windows: [window],
    });
    expect(told(simulation)).toEqual([[60, 'mute-ended', 'ops']]);
  });

  test('75 is told to nobody where no route matches', () => {
    const simulation = supposing([routeTo(['ops'], { team: ['data'] })]);
    expect([simulation.routes, told(simulation), simulation.told]).toEqual([[], [[0, 'first', '']], []]);
  });
});
