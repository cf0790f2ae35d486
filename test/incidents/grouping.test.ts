import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import type { Route } from '../../shared/routing/route.ts';
import { routeTo } from '../support/routes.ts';
import { config, monitor, signal, start } from './signals.ts';
import { newStory } from './story.ts';

const minutes = 60;

/** All monitors of a team are one incident; terms as the test says. */
const grouped = (terms: Partial<Route> = {}, more: Partial<Config> = {}): Config => ({
  ...config,
  monitors: ['website', 'search', 'checkout'].map((id) => monitor(id, 'warning')),
  routes: [routeTo(['ops', 'oncall'], {}, { groupBy: ['team'], ...terms })],
  ...more,
});

describe('a group', () => {
  test('46 an alert that fires and resolves inside group wait tells nobody', () => {
    const story = newStory(grouped());
    story.alarm(signal('website', 'ALARM', 0));
    story.until(20).alarm(signal('website', 'OK', 20));
    story.until(3_600);
    expect(story.notices()).toEqual([]);
  });

  test('47 one that resolves exactly when it is to be told: whichever comes first, nobody is told half of it', () => {
    const before = newStory(grouped());
    before.alarm(signal('website', 'ALARM', 0));
    before.at(30).alarm(signal('website', 'OK', 30));
    before.until(60);
    expect(before.notices()).toEqual([]);

    const after = newStory(grouped());
    after.alarm(signal('website', 'ALARM', 0));
    after.until(30).alarm(signal('website', 'OK', 30));
    expect(after.notices()).toEqual(['first to ops,oncall', 'resolved to ops,oncall']);
  });

  test('is told at once, with all that fired while it waited', () => {
    const story = newStory(grouped());
    story.alarm(signal('website', 'ALARM', 0));
    story.at(10).alarm(signal('search', 'ALARM', 10));
    story.until(3_600);
    expect(story.notices()).toEqual(['first to ops,oncall']);
    expect(story.events[0]!.incident).toMatchObject({ title: 'website is down and 1 more', firing: 2 });
    expect(story.events[0]!.at).toBe(start + 30_000);
  });

  test('52 with a wait of 0 s is told in the same moment', () => {
    const story = newStory(grouped({ groupWait: 0 }));
    story.alarm(signal('website', 'ALARM', 0));
    expect(story.notices()).toEqual(['first to ops,oncall']);
  });

  test('48 a new member is told when the interval since the last notice is over, together with others', () => {
    const story = newStory(grouped());
    story.alarm(signal('website', 'ALARM', 0));
    story.until(60).alarm(signal('search', 'ALARM', 60));
    story.until(120).alarm(signal('checkout', 'ALARM', 120));
    story.until(30 + 5 * minutes - 1);
    expect(story.notices()).toEqual(['first to ops,oncall']);
    story.until(30 + 5 * minutes);
    expect(story.notices()).toEqual(['first to ops,oncall', 'new-alerts to ops,oncall']);
    expect(story.events[1]!.incident).toMatchObject({ firing: 3, title: 'website is down and 2 more' });
  });

  test('48 a new member long after the last notice waits only for its own group', () => {
    const story = newStory(grouped());
    story.alarm(signal('website', 'ALARM', 0));
    story.until(3_600).alarm(signal('search', 'ALARM', 3_600));
    story.until(3_629);
    expect(story.notices()).toHaveLength(1);
    story.until(3_630);
    expect(story.notices()).toHaveLength(2);
  });

  test('a new member that goes before it was told is no news', () => {
    const story = newStory(grouped());
    story.alarm(signal('website', 'ALARM', 0));
    story.until(60).alarm(signal('search', 'ALARM', 60));
    story.until(70).alarm(signal('search', 'OK', 70));
    story.until(3_600);
    expect(story.notices()).toEqual(['first to ops,oncall']);
  });

  test.each([
    [true, ['first to ops,oncall', 'alerts-resolved to ops,oncall', 'resolved to ops,oncall']],
    [false, ['first to ops,oncall']],
  ])('49 of which some recover is told so, sendResolved %s', (sendResolved, notices) => {
    const story = newStory(grouped({ sendResolved }));
    story.alarm(signal('website', 'ALARM', 0));
    story.alarm(signal('search', 'ALARM', 1));
    story.until(60).alarm(signal('search', 'OK', 60));
    story.until(30 + 5 * minutes);
    story.until(1_200).alarm(signal('website', 'OK', 1_200));
    expect(story.notices()).toEqual(notices);
    expect(story.latest()).toMatchObject({ status: 'resolved', firing: 0 });
  });

  test('51 is repeated exactly after its time, whatever the interval, counted from the last notice', () => {
    const story = newStory(grouped({ repeatEvery: 7 * minutes * 1_000 }));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(30 + 14 * minutes);
    const reasons = story.events.map(({ reason, at }) => `${reason} ${(at - start) / 1_000}`);
    expect(reasons).toEqual(['first 30', 'repeat 450', 'repeat 870']);
  });

  test('is not repeated once somebody acknowledged it, and never where the route says 0', () => {
    const acknowledged = newStory(grouped());
    acknowledged.alarm(signal('website', 'ALARM', 0));
    acknowledged.until(60).change({ type: 'acknowledge', actor: 'ann' });
    const never = newStory(grouped({ repeatEvery: 0 }));
    never.alarm(signal('website', 'ALARM', 0));
    for (const story of [acknowledged, never])
      expect(story.until(24 * 3_600).notices()).toEqual(['first to ops,oncall']);
  });

  test('53 is repeated as its plan says, which is that of when it opened', () => {
    const story = newStory(grouped());
    story.alarm(signal('website', 'ALARM', 0));
    expect(story.latest().plan).toMatchObject({ repeatEvery: 4 * 3_600_000, route: 'routes[0]' });
    story.until(4 * 3_600 + 30);
    expect(story.notices()).toEqual(['first to ops,oncall', 'repeat to ops,oncall']);
  });

  test('has the labels that all of it has in common', () => {
    const monitors = [
      monitor('website', 'warning'),
      monitor('search', 'warning', { labels: { team: 'platform' } }),
    ];
    const story = newStory(grouped({}, { monitors }));
    story.alarm(signal('website', 'ALARM', 0));
    story.alarm(signal('search', 'ALARM', 1));
    expect(story.latest().labels).toEqual({ team: 'platform', type: 'monitor', severity: 'warning' });
  });

  test('tells those as well whom the routes of a new member name', () => {
    const routes = [
      routeTo(['ops'], { monitor: ['website'] }, { groupBy: ['team'] }),
      routeTo(['oncall'], {}, { groupBy: ['team'], path: 'routes[1]' }),
    ];
    const story = newStory(grouped({}, { routes }));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(60).alarm(signal('search', 'ALARM', 60));
    story.until(600).alarm(signal('search', 'OK', 600));
    story.until(610).alarm(signal('website', 'OK', 610));
    expect(story.notices()).toEqual(['first to ops', 'new-alerts to ops,oncall', 'resolved to ops,oncall']);
  });

  test('29 alarms of two groups are two incidents', () => {
    const story = newStory(grouped({ groupBy: ['monitor'] }));
    story.alarm(signal('website', 'ALARM', 0));
    story.alarm(signal('search', 'ALARM', 1));
    expect([...story.incidents.values()].map(({ groupKey }) => groupKey)).toEqual([
      'group/monitor="website"',
      'group/monitor="search"',
    ]);
  });

  test('a real alert that joins a test makes it real, and is told', () => {
    const story = newStory(grouped());
    story.alarm({ ...signal('website', 'ALARM', 0), test: true });
    story.until(10).alarm(signal('search', 'ALARM', 10));
    expect(story.notices()).toEqual(['test to ops,oncall', 'new-alerts to ops,oncall']);
    expect(story.latest()).not.toHaveProperty('test');
    expect(story.latest().title).toBe('search is down');
  });
});

describe('each notice says what its receivers were told before', () => {
  test('so that nobody waits for what was never theirs', () => {
    const routes = [routeTo(['ops'], {}, { groupWait: 0, sendResolved: false })];
    const story = newStory(grouped({}, { routes }), { fallbackOf: () => 'oncall' });
    story.alarm(signal('website', 'ALARM', 0));
    story.change({ type: 'undelivered', channel: 'ops', revision: 1, reason: 'gone' });
    story.until(4 * 3_600);
    expect(story.events.map(({ before }) => before)).toEqual([
      { ops: 0 },
      { oncall: 0 },
      { ops: 1, oncall: 2 },
    ]);
  });
});

describe('a group of several', () => {
  test('is called by what fires, whatever of it has recovered, and in the end by the most there were', () => {
    const story = newStory(grouped());
    story.alarm(signal('website', 'ALARM', 0));
    story.at(1).alarm(signal('search', 'ALARM', 1));
    story.at(2).alarm(signal('checkout', 'ALARM', 2));
    story.until(60).alarm(signal('website', 'OK', 60));
    story.until(400).alarm(signal('checkout', 'OK', 400));
    story.until(800).alarm(signal('search', 'OK', 800));
    expect(story.events.map(({ reason, incident }) => [reason, incident.title, incident.members])).toEqual([
      ['first', 'website is down and 2 more', ['website is down', 'search is down', 'checkout is down']],
      ['alerts-resolved', 'search is down and 1 more', ['search is down', 'checkout is down']],
      ['alerts-resolved', 'search is down', ['search is down']],
      ['resolved', 'website is down and 2 more', []],
    ]);
  });

  test('lists the first fifty, however many there are, and is called by a number when all of them are over', () => {
    const many = Array.from({ length: 55 }, (_, n) => `node-${n}`);
    const story = newStory(grouped({}, { monitors: many.map((id) => monitor(id, 'warning')) }));
    for (const id of many) story.alarm(signal(id, 'ALARM', 0));
    story.until(30);
    expect(story.latest().members).toEqual(many.slice(0, 50).map((id) => `${id} is down`));
    story.alarm(signal('node-54', 'OK', 30));
    story.alarm(signal('node-0', 'OK', 31));
    expect(story.latest()).toMatchObject({ title: 'node-1 is down and 52 more', firing: 53 });
    for (const id of many.slice(1, 50)) story.alarm(signal(id, 'OK', 32));
    expect(story.latest()).toMatchObject({ title: '4 alarms fire', firing: 4 });
    for (const id of many.slice(50, 54)) story.alarm(signal(id, 'OK', 33));
    expect(story.latest()).toMatchObject({ title: 'node-0 is down and 54 more', status: 'resolved' });
  });
});

describe('a more severe alert', () => {
  const monitors = [monitor('website', 'warning'), monitor('search', 'critical')];
  const routes = [
    routeTo(['ops', 'oncall'], { severity: ['critical'] }, { groupBy: ['team'] }),
    routeTo(['ops'], {}, { groupBy: ['team'], path: 'routes[1]' }),
  ];
  const raising = grouped({}, { monitors, routes });

  test('38 pages anew, even where somebody acknowledged what was less severe, and all of its own routes', () => {
    const story = newStory(raising);
    story.alarm(signal('website', 'ALARM', 0));
    story.until(60).change({ type: 'acknowledge', actor: 'ann' });
    story.until(90).alarm(signal('search', 'ALARM', 90));
    expect(story.notices()).toEqual(['first to ops', 'severity-raised to ops,oncall']);
    expect(story.latest()).toMatchObject({
      severity: 'critical',
      status: 'triggered',
      labels: { severity: 'critical' },
    });
    expect(story.latest()).not.toHaveProperty('acknowledgedBy');
  });

  test('38 that is over leaves the severity where it is: the incident is what it was', () => {
    const story = newStory(raising);
    story.alarm(signal('website', 'ALARM', 0));
    story.alarm(signal('search', 'ALARM', 1));
    story.until(60).alarm(signal('search', 'OK', 60));
    expect(story.latest().severity).toBe('critical');
  });

  test('cuts the wait of its group short', () => {
    const story = newStory(raising);
    story.alarm(signal('website', 'ALARM', 0));
    story.at(5).alarm(signal('search', 'ALARM', 5));
    expect(story.notices()).toEqual(['first to ops,oncall']);
    expect(story.until(600).notices()).toHaveLength(1);
  });

  test('38 a person who lowers it pages nobody, who raises it pages', () => {
    const story = newStory(raising);
    story.alarm(signal('search', 'ALARM', 0));
    story.at(10).change({ type: 'severity', actor: 'ann', severity: 'info' });
    expect(story.notices()).toEqual(['first to ops,oncall']);
    story.at(20).change({ type: 'severity', actor: 'ann', severity: 'high', text: 'customers call' });
    expect(story.notices()).toEqual(['first to ops,oncall', 'severity-raised to ops,oncall']);
    expect(story.events.map(({ type, text }) => [type, text])).toEqual([
      ['firing', undefined],
      ['severity-changed', 'severity changed from critical to info'],
      ['severity-changed', 'severity changed from info to high: customers call'],
      ['firing', 'severity changed from info to high: customers call'],
    ]);
  });

  test('does not overrule a person unless it is worse than what the person knew', () => {
    const story = newStory(grouped({}, { monitors: [...monitors, monitor('checkout', 'critical')], routes }));
    story.alarm(signal('search', 'ALARM', 0));
    story.at(10).change({ type: 'severity', actor: 'ann', severity: 'info' });
    story.at(20).alarm(signal('checkout', 'ALARM', 20));
    expect(story.latest().severity).toBe('info');
  });
});
