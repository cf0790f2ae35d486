import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { labelsOf, planOf } from '../../shared/routing/plan.ts';
import type { Route } from '../../shared/routing/route.ts';
import { aConfig, aMonitor } from '../support/monitor.ts';
import { routeTo } from '../support/routes.ts';

const web = aMonitor({ id: 'web', group: 'shop', labels: { team: 'platform', region: 'eu' } });
const subject = { type: 'monitor', id: 'web' } as const;

const channels = ['ops', 'page'].map((id) => ({ id, kind: 'slack', settings: {} }));

function planFor(routes: Route[], changes: Partial<Config> = {}, about = labelsOf(subject, 'critical', web)) {
  return planOf(aConfig({ monitors: [web], channels, routes, ...changes }), subject, about);
}

test('the labels of an incident are its monitor’s, and some that nobody may take', () => {
  const disguised = aMonitor({ id: 'web', labels: { team: 'data', type: 'rule', severity: 'info' } });
  expect(labelsOf(subject, 'high', disguised)).toEqual({
    team: 'data',
    type: 'monitor',
    severity: 'high',
    monitor: 'web',
  });
});

describe('what an incident has in common with others', () => {
  test.each<[string, Partial<Route>, string]>([
    ['by default its own monitor', {}, 'monitor/web'],
    ['labels, whatever their order', { groupBy: ['team', 'region'] }, 'group/region="eu",team="platform"'],
    ['labels, whatever their order', { groupBy: ['region', 'team'] }, 'group/region="eu",team="platform"'],
    ['a label that it does not have is empty', { groupBy: ['service'] }, 'group/service=""'],
  ])('%s', (_, terms, key) => {
    expect(planFor([routeTo(['ops'], {}, terms)]).groupKey).toBe(key);
  });

  test('is another for what is degraded', () => {
    const degraded = { ...subject, aspect: 'degraded' as const };
    const config = aConfig({ monitors: [web], channels, routes: [routeTo(['ops'])] });
    expect(planOf(config, degraded, {}).groupKey).toBe('monitor/web/degraded');
  });

  test('values with marks in them cannot be taken for others', () => {
    const by = (labels: Record<string, string>) =>
      planFor([routeTo(['ops'], {}, { groupBy: ['a', 'b'] })], {}, labels).groupKey;
    expect(by({ a: 'x",b="y', b: '' })).not.toBe(by({ a: 'x', b: 'y' }));
  });
});

describe('how long it waits', () => {
  test.each([
    ['critical', {}, 0],
    ['high', {}, 30_000],
    ['warning', { groupWait: 0 }, 0],
    ['critical', { groupWait: 60_000 }, 60_000],
  ])('52 %s with %j: %i ms', (severity, terms, wait) => {
    expect(planFor([routeTo(['ops'], {}, terms)], {}, { severity }).groupWait).toBe(wait);
  });
});

describe('who is told', () => {
  const hours = { zone: 'UTC', times: [{ days: [1], from: 0, to: 60 }] };

  test('a channel of several routes has the terms of the first', () => {
    const { receivers, route } = planFor([
      routeTo(['ops'], {}, { continue: true, hours }),
      routeTo(['page', 'ops'], {}, { path: 'routes[1]', sendResolved: false }),
    ]);
    expect(route).toBe('routes[0]');
    expect(receivers).toEqual([
      { channel: 'ops', sendResolved: true, hours },
      { channel: 'page', sendResolved: false },
    ]);
  });

  test('the policy is that of the owner, as it is now', () => {
    const escalation = { policy: 'platform', steps: [], repeat: 0, acknowledgedFor: 0 };
    const routes = [routeTo(['ops'], {}, { escalate: 'platform' })];
    expect(planFor(routes, { escalations: [escalation] }).escalation).toEqual(escalation);
    expect(planFor(routes)).not.toHaveProperty('escalation');
  });

  test('nobody of a monitor that no route matches, everybody of an alarm that the config does not know', () => {
    const routes = [routeTo(['ops'], { team: ['data'] })];
    expect(planFor(routes)).toMatchObject({ receivers: [], repeatEvery: 4 * 3_600_000 });
    const alarm = planOf(aConfig({ channels, routes }), { type: 'alarm', id: 'cpu' }, { severity: 'high' });
    expect(alarm.receivers.map(({ channel }) => channel)).toEqual(['ops', 'page']);
  });
});
