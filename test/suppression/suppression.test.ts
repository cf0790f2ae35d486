import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Monitor } from '../../shared/config/config.ts';
import type { MonitorSummary } from '../../shared/history/summary.ts';
import type { Matcher } from '../../shared/routing/route.ts';
import type { Silence } from '../../shared/silences/silence.ts';
import type { Inhibition } from '../../shared/suppression/suppression.ts';
import { type Judged, suppressionOf } from '../../shared/suppression/suppression-of.ts';
import type { Surroundings } from '../../shared/suppression/surroundings.ts';
import { monitor } from '../api/fixtures.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 20, 12);

const incident = (id: string, more: Partial<Judged> = {}): Judged & { title: string } => ({
  id: `20261120-${id}`,
  title: `${id} is down`,
  subject: { type: 'monitor', id },
  labels: { monitor: id, type: 'monitor', severity: 'critical', team: 'platform' },
  severity: 'critical',
  openedAt: now,
  ...more,
});

const nothing: Surroundings = {
  silences: [],
  windows: [],
  inhibitions: [],
  open: [],
  monitors: [],
  firing: [],
};

const is = (label: string, ...values: string[]): Matcher => ({ label, operator: '=', values });

const silence = (more: Partial<Silence> = {}): Silence => ({
  id: 's1',
  matchers: [is('team', 'platform')],
  startsAt: now - minute,
  endsAt: now + minute,
  by: 'ana',
  comment: 'deploy',
  updatedAt: now - minute,
  ...more,
});

describe('silences', () => {
  test('64 a silence holds back from its start, inclusive, up to its end, exclusive', () => {
    const held = (at: number) =>
      suppressionOf(incident('api'), { ...nothing, silences: [silence()] }, at)?.until;
    const end = now + minute;
    expect([now - minute - 1, now - minute, end - 1, end].map(held)).toEqual([
      undefined,
      end,
      end,
      undefined,
    ]);
  });

  test('what it says names who silenced it, until when and why', () => {
    expect(suppressionOf(incident('api'), { ...nothing, silences: [silence()] }, now)).toEqual({
      by: 'silence',
      id: 's1',
      text: 'silenced by ana until 2026-11-20 12:01 UTC: deploy',
      until: now + minute,
    });
  });

  test('68 of two that overlap the longer one counts, and the other when that is expired', () => {
    const longer = silence({ id: 's2', endsAt: now + 5 * minute });
    const by = (...silences: Silence[]) => suppressionOf(incident('api'), { ...nothing, silences }, now)?.id;
    expect(by(silence(), longer)).toBe('s2');
    expect(by(silence(), { ...longer, endsAt: now })).toBe('s1');
    expect(by({ ...silence(), endsAt: now }, { ...longer, endsAt: now })).toBeUndefined();
  });

  test('it is matched with the severity of now, and with what Alertmanager calls an alert', () => {
    const raised = incident('api', { severity: 'high' });
    const by = (matcher: Matcher) =>
      suppressionOf(raised, { ...nothing, silences: [silence({ matchers: [matcher] })] }, now)?.id;
    expect([by(is('severity', 'high')), by(is('severity', 'critical')), by(is('alertname', 'api'))]).toEqual([
      's1',
      undefined,
      's1',
    ]);
  });

  test('a group is held back only while every alert in it is', () => {
    const alert = (id: string, team: string) => ({
      subject: { type: 'monitor' as const, id },
      labels: { monitor: id, team },
    });
    const held = (...firing: Surroundings['firing']) =>
      suppressionOf(incident('api'), { ...nothing, silences: [silence()], firing }, now)?.id;
    expect(held(alert('api', 'platform'), alert('shop', 'platform'))).toBe('s1');
    expect(held(alert('api', 'platform'), alert('shop', 'sales'))).toBeUndefined();
    expect(held(alert('shop', 'sales'))).toBeUndefined();
  });

  test('a test is never held back', () => {
    expect(
      suppressionOf(incident('api', { test: true }), { ...nothing, silences: [silence()] }, now),
    ).toBeUndefined();
  });
});

describe('maintenance', () => {
  const window = {
    id: 'move',
    monitors: ['api'],
    from: now - minute,
    to: now + 9 * minute,
    by: 'ana',
    comment: 'new disks',
  };

  test('a window holds back its monitors until its end, and comes before a silence', () => {
    expect(
      suppressionOf(incident('api'), { ...nothing, windows: [window], silences: [silence()] }, now),
    ).toEqual({
      by: 'maintenance',
      id: 'move',
      text: 'maintenance move until 2026-11-20 12:09 UTC: new disks',
      until: window.to,
    });
    expect(suppressionOf(incident('shop'), { ...nothing, windows: [window] }, now)).toBeUndefined();
  });

  test('an alarm that is called like a monitor is none', () => {
    const own = incident('api', { subject: { type: 'self', id: 'api' } });
    expect(suppressionOf(own, { ...nothing, windows: [window] }, now)).toBeUndefined();
  });
});

describe('what a monitor depends on', () => {
  const database = monitor('database', { every: minute, timeout: 10_000 });
  const api = monitor('api', { every: minute, timeout: 10_000, dependsOn: ['database'] });

  /** A monitor that was last checked some time ago, with its outcome since then. */
  const seen = (
    of: Monitor,
    state: MonitorSummary['state'],
    { since, checked = now - 10_000, downAt }: { since: number; checked?: number; downAt?: number },
  ): MonitorSummary => ({
    monitor: of,
    state,
    since,
    locations: [
      {
        location: 'home',
        stale: false,
        outcome: state === 'paused' ? 'unknown' : state,
        since,
        knownAt: checked,
        recent: [],
        ...(downAt !== undefined && { downAt }),
      },
    ],
  });

  const apiDown = seen(api, 'down', { since: now - 2 * minute, downAt: now - 10_000 });
  const held = (
    parent: MonitorSummary,
    more: Partial<Surroundings> = {},
    at = now,
    child = apiDown,
    opened = now,
  ) =>
    suppressionOf(
      incident('api', { openedAt: opened }),
      { ...nothing, monitors: [child, parent], ...more },
      at,
    );
  const databaseDown = seen(database, 'down', { since: now - 3 * minute });
  const longUp = seen(database, 'up', { since: now - 60 * minute });

  test('57 parent first: the child waits while the parent fails', () => {
    expect(held(databaseDown)).toEqual({
      by: 'dependency',
      id: 'database',
      text: 'waits for database, which it depends on and which fails',
    });
    const itsIncident = [incident('database')];
    expect(held(seen(database, 'up', { since: now - 10_000 }), { open: itsIncident })?.text).toMatch(
      'which fails',
    );
  });

  test('57 child first: it waits until the parent was checked after its own failure', () => {
    const notYet = seen(database, 'up', { since: now - 60 * minute, checked: now - 2 * minute });
    expect(held(notYet)).toMatchObject({
      by: 'dependency',
      until: now + 10_000,
      text: expect.stringContaining('a check of database'),
    });
    expect(held(longUp)).toBeUndefined();
  });

  test('57 simultaneous: a check of the parent in the slot of the failure itself does not count', () => {
    const failed = apiDown.since!;
    expect(held(seen(database, 'up', { since: 0, checked: failed }))?.by).toBe('dependency');
    expect(held(seen(database, 'up', { since: 0, checked: failed + 1 }))).toBeUndefined();
  });

  test('a parent that nobody checks any more is waited for no longer than a check takes', () => {
    const unseen = seen(database, 'unknown', { since: now - 60 * minute, checked: now - 60 * minute });
    const longest = minute + 2 * 10_000 + 30_000;
    expect(held(unseen, {}, now + longest - 1)?.until).toBe(now + longest);
    expect(held(unseen, {}, now + longest)).toBeUndefined();
    const rarely = { ...unseen, monitor: { ...database, every: 60 * minute } };
    expect(held(rarely, {}, now + 2 * minute - 1)?.by).toBe('dependency');
    expect(held(rarely, {}, now + 2 * minute)).toBeUndefined();
  });

  test('58 the parent recovers: the child waits for a check of its own, and is told when that fails', () => {
    const up = seen(database, 'up', { since: now - 20_000 });
    const stale = seen(api, 'down', { since: now - 2 * minute, downAt: now - 30_000 });
    expect(held(up, {}, now, stale)).toMatchObject({
      text: 'waits for a check of its own, as database works again',
    });
    expect(held(up, {}, now, apiDown)).toBeUndefined();
  });

  test('58 a child that recovers in that check is never told, and one that is not checked is told in the end', () => {
    const up = seen(database, 'up', { since: now - 20_000 });
    const recovered = seen(api, 'up', { since: now - 10_000, downAt: now - 70_000 });
    expect(held(up, {}, now, recovered)?.by).toBe('dependency');
    expect(held(up, {}, now + 2 * minute, recovered)).toBeUndefined();
  });

  test("the parent's incident is an excuse only as long as its alarm takes to notice the recovery", () => {
    const open = [incident('database')];
    const alarmed = now + (3 + 2) * minute;
    const up = seen(database, 'up', { since: now });
    const child = seen(api, 'down', { since: now - minute, downAt: now + minute });
    expect(held(up, { open }, alarmed - 1, child)?.by).toBe('dependency');
    expect(held(up, { open }, alarmed, child)).toBeUndefined();
  });

  test('the incident of a parent that nobody sees is no excuse for ever', () => {
    const open = [incident('database')];
    const unseen = seen(database, 'unknown', { since: now - 14 * minute, checked: now - 14 * minute });
    const opened = now - 30 * minute;
    expect(held(unseen, { open }, now, apiDown, opened)?.by).toBe('dependency');
    expect(held(unseen, { open }, now + minute, apiDown, opened)).toBeUndefined();
  });

  test.each([
    ['paused', seen(database, 'paused', { since: now - minute })],
    ['degraded', seen(database, 'degraded', { since: now - 60 * minute })],
  ])('a parent that is %s is no excuse', (_, parent) => {
    expect(held(parent, { open: [incident('shop')] })).toBeUndefined();
  });

  test('what a parent depends on counts as well', () => {
    const disk = monitor('disk');
    const parent = { ...longUp, monitor: { ...database, dependsOn: ['disk'] } };
    expect(
      held(parent, { monitors: [apiDown, parent, seen(disk, 'down', { since: now - minute })] })?.id,
    ).toBe('disk');
  });

  test('61 monitors that depend on each other, on themselves or on nothing that is there still come to an end', () => {
    const cycle = { ...longUp, monitor: { ...database, dependsOn: ['api', 'gone'] } };
    const self = { ...apiDown, monitor: { ...api, dependsOn: ['api', 'database'] } };
    expect(held(cycle, { monitors: [self, cycle] })).toBeUndefined();
  });
});

test('whatever was seen of parents, who do not fail any more are waited for at most five minutes', () => {
  const states = fc.constantFrom('up', 'degraded', 'unknown', 'paused', 'down');
  const times = fc.integer({ min: now - 60 * minute, max: now });
  const summary = fc.record({ state: states, since: times, knownAt: times, downAt: fc.option(times) });
  const chain = ['api', 'database', 'disk'];
  fc.assert(
    fc.property(fc.tuple(summary, summary, summary), times, fc.boolean(), (seen, openedAt, hasIncident) => {
      const monitors = seen.map(
        ({ state, since, knownAt, downAt }, n): MonitorSummary => ({
          monitor: monitor(
            chain[n]!,
            n < 2 ? { every: 60 * minute, dependsOn: [chain[n + 1]!] } : { every: 60 * minute },
          ),
          state,
          since,
          locations: [
            {
              location: 'home',
              stale: false,
              outcome: 'up',
              since,
              knownAt,
              recent: [],
              ...(downAt !== null && { downAt }),
            },
          ],
        }),
      );
      const open = hasIncident ? [incident('database')] : [];
      const held = (at: number) =>
        suppressionOf(incident('api', { openedAt }), { ...nothing, monitors, open }, at);
      const [, ...parents] = seen;
      const excused = parents.some(({ state }) => state === 'down') || hasIncident;
      const longest = Math.max(openedAt, ...parents.map(({ since }) => since)) + 5 * minute;
      if (!excused) expect(held(longest)).toBeUndefined();
      // An incident of a parent that is seen no more, or up, is an excuse for as long as its alarm may need.
      if (!parents.some(({ state }) => state === 'down')) expect(held(now + 4 * 60 * minute)).toBeUndefined();
      const reason = held(now);
      if (reason?.until !== undefined) expect(reason.until).toBeGreaterThan(now);
    }),
  );
});

describe('inhibition', () => {
  const rule: Inhibition = {
    source: [is('severity', 'critical')],
    target: [is('severity', 'warning', 'info')],
    equal: ['team'],
  };
  const warning = incident('disk', { severity: 'warning' });
  const held = (target: Judged, open: ReturnType<typeof incident>[], inhibitions = [rule]) =>
    suppressionOf(target, { ...nothing, open, inhibitions }, now)?.id;

  test('an open incident that fits the source holds back what fits the target and is alike', () => {
    expect(held(warning, [incident('database')])).toBe('20261120-database');
    expect(held(warning, [incident('database', { labels: { team: 'sales' } })])).toBeUndefined();
    expect(held(warning, [])).toBeUndefined();
    expect(held(incident('api'), [incident('database')])).toBeUndefined();
  });

  test('62 a label that is missing is like an empty one', () => {
    const bare = { labels: {} };
    expect(
      held(incident('disk', { ...bare, severity: 'warning' }), [
        incident('database', { labels: { team: '' } }),
      ]),
    ).toBe('20261120-database');
    expect(held(warning, [incident('database', bare)])).toBeUndefined();
  });

  test('60 what fits both sides is not held back by another that does, nor by itself', () => {
    const both: Inhibition = { source: [is('team', 'platform')], target: [is('type', 'monitor')], equal: [] };
    expect(held(incident('api'), [incident('database'), incident('api')], [both])).toBeUndefined();
    const sourceAlone = incident('database', { labels: { team: 'platform', type: 'rule' } });
    expect(held(incident('api'), [sourceAlone], [both])).toBe('20261120-database');
  });

  test('63 with the last source gone, nothing is held back', () => {
    const [first, second] = [incident('database'), incident('queue')];
    expect([held(warning, [first, second]), held(warning, [second]), held(warning, [])]).toEqual([
      first.id,
      second.id,
      undefined,
    ]);
  });
});
