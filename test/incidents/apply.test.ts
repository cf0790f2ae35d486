import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyEvent,
  applyToIncident,
  type IncidentPorts,
  type IncomingEvent,
} from '../../shared/incidents/apply.ts';
import type { AlarmSignal } from '../../shared/incidents/incident.ts';
import type { Escalation } from '../../shared/routing/route.ts';
import { routeTo } from '../support/routes.ts';
import { config as plainConfig, signal, start } from './signals.ts';
import { Crash, crashing, type Tracking, track } from './tracking.ts';

const alarm = (ports: IncidentPorts, of: AlarmSignal) => applyEvent(ports, { type: 'alarm', signal: of });

const policy: Escalation = {
  policy: 'all',
  steps: [{ after: 60_000, notify: [{ channel: 'phone' }] }],
  repeat: 0,
  acknowledgedFor: 0,
};

/** Effects that nobody has done, nor set out to do. */
const undone = async ({ table }: Pick<Tracking, 'table'>, incident: string) =>
  (await table.readPending(incident)).filter(({ scheduled }) => !scheduled);

const ids = async ({ table }: Tracking) => (await table.list()).map(({ id }) => id);

describe('an alarm', () => {
  test('is kept with its alert, its timeline, and effects that are done', async () => {
    const tracking = await track();
    const { incident } = await alarm(tracking.ports, signal('website', 'ALARM', 0));
    const whole = await tracking.table.readWhole(incident!.id);
    expect(whole!.incident).toEqual(incident);
    expect(whole!.alerts).toEqual([
      {
        alarm: signal('website', 'ALARM', 0).key,
        name: 'acme/monitor/website',
        title: 'website is down',
        startedAt: start,
        reason: 'it is ALARM',
        sequence: 1,
      },
    ]);
    expect(whole!.timeline.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, 'opened'],
      [2, 'announced'],
    ]);
    expect(whole!.effects).toMatchObject([
      { effect: { sequence: 3, kind: 'publish' }, pending: false },
      { effect: { sequence: 4, kind: 'timer' }, pending: true, scheduled: true },
    ]);
    expect(tracking.published).toHaveLength(1);
    expect(await tracking.table.listOpen()).toEqual([incident!.id]);
    expect((await tracking.table.readOpen('monitor/website'))!.id).toBe(incident!.id);
  });

  test('its recovery ends alert and incident, and frees the group', async () => {
    const { ports, table } = await track();
    const { incident } = await alarm(ports, signal('website', 'ALARM', 0));
    await alarm(ports, signal('website', 'OK', 60));
    const whole = await table.readWhole(incident!.id);
    expect(whole!.incident.status).toBe('resolved');
    expect(whole!.alerts).toMatchObject([{ startedAt: start, endedAt: start + 60_000 }]);
    expect(await table.listOpen()).toEqual([]);
    expect(await table.readOpen('monitor/website')).toBeUndefined();
    expect((await alarm(ports, signal('website', 'ALARM', 661))).reason).toBe('opened');
  });

  test('brings the evidence of its monitor', async () => {
    const { ports, published } = await track();
    const evidence = {
      location: 'home',
      slot: start,
      observation: { monitor: 'website', at: start, outcome: 'down' as const },
    };
    const asked: string[] = [];
    const evidenceOf = async (monitor: string) => {
      asked.push(monitor);
      return evidence;
    };
    await alarm({ ...ports, evidenceOf }, signal('website', 'ALARM', 0));
    await alarm({ ...ports, evidenceOf }, signal('website', 'ALARM', 5, '-2'));
    expect(published[0]!.incident.evidence).toEqual(evidence);
    expect(asked).toEqual(['website']);
  });

  test.each([2, 50])(
    'the same change %i times at once opens one incident and tells it once (1, 28)',
    async (times) => {
      const tracking = await track();
      const down = signal('website', 'ALARM', 0);
      await Promise.all(Array.from({ length: times }, () => alarm(tracking.ports, down)));
      expect(await tracking.table.list()).toMatchObject([{ firing: 1, alerts: 1, version: 1 }]);
      expect(tracking.told()).toEqual(['firing website 1']);
    },
  );

  test('55 a new process tells nothing again', async () => {
    const tracking = await track();
    await alarm(tracking.ports, signal('website', 'ALARM', 0));
    const again = { ...tracking.ports, table: { ...tracking.table } };
    await alarm(again, signal('website', 'ALARM', 0));
    expect(tracking.published).toHaveLength(1);
  });

  test('eight alarms of one group at once open one incident, and none is lost', async () => {
    const tracking = await track();
    const signals = Array.from({ length: 8 }, (_, n) => signal('website', 'ALARM', n, `-${n}`));
    const results = await Promise.all(signals.map((of) => alarm(tracking.ports, of)));
    expect(results.filter(({ reason }) => reason === 'opened')).toHaveLength(1);
    expect(await tracking.table.list()).toMatchObject([{ firing: 8, alerts: 8, version: 8 }]);
    expect(tracking.told()).toEqual(['firing website 1']);
  });

  test('alarms of two groups at once open two (29)', async () => {
    const tracking = await track();
    await Promise.all([
      alarm(tracking.ports, signal('website', 'ALARM', 0)),
      alarm(tracking.ports, signal('search', 'ALARM', 0)),
    ]);
    expect(await ids(tracking)).toHaveLength(2);
  });

  test('the last recovery racing a new alarm of the group loses none of both (33)', async () => {
    const tracking = await track();
    await alarm(tracking.ports, signal('website', 'ALARM', 0));
    await Promise.all([
      alarm(tracking.ports, signal('website', 'OK', 60)),
      alarm(tracking.ports, signal('website', 'ALARM', 60, '-2')),
    ]);
    const open = await tracking.table.listOpen();
    expect(open).toHaveLength(1);
    expect(await tracking.table.readIncident(open[0]!)).toMatchObject({ firing: 1 });
  });

  test('an acknowledgement racing the recovery never opens it again (34)', async () => {
    const tracking = await track();
    const { incident } = await alarm(tracking.ports, signal('website', 'ALARM', 0));
    await Promise.allSettled([
      alarm(tracking.ports, signal('website', 'OK', 60)),
      applyToIncident(tracking.ports, incident!.id, { type: 'acknowledge', actor: 'ann' }),
    ]);
    expect((await tracking.table.readIncident(incident!.id))!.status).toBe('resolved');
    expect(tracking.told()).toEqual(['firing website 1', 'resolved website 2']);
  });
});

describe('a crash between any two steps', () => {
  const moments = ['before', 'after'] as const;
  /** Before a step is after the one before it. */
  const steps = [0, 1, 2, 3, 4, 5, 6];

  test.each(steps)(
    'before step %i of ALARM, then OK, then the ALARM again: who hears of it hears both, in order (30, 31)',
    async (n) => {
      const tracking = await track();
      const { ports, told } = tracking;
      const crashed = await alarm(crashing(ports, n, 'before'), signal('website', 'ALARM', 0)).then(
        () => false,
        (error) => error instanceof Crash,
      );
      const written = (await tracking.table.list()).length > 0;
      await alarm(ports, signal('website', 'OK', 60));
      await alarm(ports, signal('website', 'ALARM', 0));
      expect(crashed).toBe(n < 5);
      expect(written).toBe(n > 0);
      expect(told()).toEqual(written ? ['firing website 1', 'resolved website 2'] : []);
      expect(tracking.published.length - told().length).toBeLessThanOrEqual(1);
    },
  );

  test.each(steps)('before step %i of OK, then the OK again: the end is told', async (n) => {
    const { ports, told } = await track();
    await alarm(ports, signal('website', 'ALARM', 0));
    await alarm(crashing(ports, n, 'before'), signal('website', 'OK', 60)).catch(() => {});
    await alarm(ports, signal('website', 'OK', 60));
    expect(told()).toEqual(['firing website 1', 'resolved website 2']);
  });

  test.each(steps)(
    'before step %i of a timer, then the timer again: it is told, and nothing is left to do',
    async (n) => {
      const { ports, table, told, scheduled, at } = await track();
      await alarm(ports, signal('search', 'ALARM', 0));
      at(30);
      const timer = scheduled[0]!;
      await applyEvent(crashing(ports, n, 'before'), { type: 'timer', timer }).catch(() => {});
      await applyEvent(ports, { type: 'timer', timer });
      expect(told()).toEqual(['firing search 1']);
      expect(await undone({ table }, timer.incident)).toEqual([]);
    },
  );

  test('an end that was not told because of a crash is told before the next incident opens', async () => {
    const { ports, told } = await track();
    await alarm(ports, signal('website', 'ALARM', 0));
    await alarm(crashing(ports, 1, 'before'), signal('website', 'OK', 60)).catch(() => {});
    await alarm(ports, signal('website', 'ALARM', 661));
    expect(told()).toEqual(['firing website 1', 'resolved website 2', 'firing website 1']);
  });

  test('with any deliveries in any order: every incident ends, and is told its beginning before its end', async () => {
    const { ports, table, published } = await track();
    const delivery = fc.record({
      nth: fc.nat(3),
      crash: fc.option(fc.record({ step: fc.nat(4), moment: fc.constantFrom(...moments) })),
    });
    let began = 0;
    const play = async (deliveries: (typeof delivery extends fc.Arbitrary<infer One> ? One : never)[]) => {
      began += 1_000;
      const story = [0, 10, 20, 30].map((seconds, n) =>
        signal('website', n % 2 === 0 ? 'ALARM' : 'OK', began + seconds),
      );
      for (const { nth, crash } of deliveries)
        await alarm(crash ? crashing(ports, crash.step, crash.moment) : ports, story[nth]!).catch(() => {});
      for (const { nth } of deliveries) await alarm(ports, story[nth]!);
      await alarm(ports, story.at(-1)!);
      for (const { id, openedAt, status } of await table.list()) {
        if (openedAt < story[0]!.at) continue;
        const own = published.filter(({ incident }) => incident.id === id);
        const told = [...new Map(own.map((event) => [event.id, event])).values()].map(({ type }) => type);
        expect(told).toEqual(told.map((_, n) => (n % 2 === 0 ? 'firing' : 'resolved')));
        expect(told.at(-1)).toBe('resolved');
        expect(status).toBe('resolved');
        expect(await undone({ table }, id)).toEqual([]);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(delivery, { maxLength: 10 }), play), { numRuns: 25 });
  });

  test('at any step of a life with escalation loses nothing, and doubles one notice at most (30, 31)', async () => {
    const { ports, table, published, scheduled, at } = await track();
    const channels = [...plainConfig.channels, { id: 'phone', kind: 'slack', settings: {} }];
    const config = {
      ...plainConfig,
      channels,
      routes: [routeTo(['ops'], {}, { escalate: 'all' })],
      escalations: [policy],
    };
    /** Every event is delivered until it is done. Returns how many steps there were. */
    const live = async (began: number, crashAt: number) => {
      let steps = 0;
      const counting = crashing({ ...ports, config }, crashAt, 'before', () => steps++);
      const deliver = (event: IncomingEvent) =>
        applyEvent(counting, event).catch(() => applyEvent(counting, event));
      at(began);
      await deliver({ type: 'alarm', signal: signal('search', 'ALARM', began) });
      for (const seconds of [30, 90]) {
        at(began + seconds);
        await deliver({ type: 'timer', timer: scheduled.at(-1)! });
      }
      await deliver({ type: 'alarm', signal: signal('search', 'OK', began + 100) });
      return steps;
    };
    const boundaries = await live(0, Number.POSITIVE_INFINITY);
    expect(boundaries).toBeGreaterThan(15);
    for (let n = 0; n < boundaries; n++) {
      published.length = 0;
      await live((n + 1) * 10_000, n);
      const told = [
        ...new Map(published.map(({ id, reason, receivers }) => [id, `${reason} ${receivers}`])).values(),
      ];
      expect(told).toEqual(['first ops', 'escalated phone', 'resolved ops,phone']);
      expect(published.length - told.length).toBeLessThanOrEqual(1);
      expect(await undone({ table }, published[0]!.incident.id)).toEqual([]);
    }
  });

  test('a topic that refuses holds back what comes later, and whoever comes next tells all', async () => {
    const { ports, told } = await track();
    const refusing = { ...ports, publish: () => Promise.reject(new Error('throttled')) };
    const down = signal('website', 'ALARM', 0);
    await expect(alarm(refusing, down)).rejects.toThrow('throttled');
    await expect(alarm(refusing, signal('website', 'OK', 60))).rejects.toThrow('throttled');
    expect(told()).toEqual([]);
    expect((await alarm(ports, down)).reason).toBe('not-newer');
    expect(told()).toEqual(['firing website 1', 'resolved website 2']);
  });
});

describe('a timer', () => {
  test('is scheduled once, stays pending until it was handled, and announces', async () => {
    const { ports, table, told, scheduled, at } = await track();
    const { incident } = await alarm(ports, signal('search', 'ALARM', 0));
    await alarm(ports, signal('search', 'ALARM', 0));
    expect(scheduled).toHaveLength(1);
    expect(await table.readPending(incident!.id)).toMatchObject([{ scheduled: true }]);
    at(30);
    expect((await applyEvent(ports, { type: 'timer', timer: scheduled[0]! })).reason).toBe('announced');
    expect(told()).toEqual(['firing search 1']);
    expect(await table.readPending(incident!.id)).toMatchObject([
      { effect: { timer: { dueAt: start + 30_000 + 4 * 3_600_000 } }, scheduled: true },
    ]);
  });

  test('brings the latest evidence: who is told later reads what is seen then', async () => {
    const { ports, published, scheduled, at } = await track();
    const evidenceOf = async (monitor: string) => {
      const now = ports.now();
      return { location: 'home', slot: now, observation: { monitor, at: now, outcome: 'down' as const } };
    };
    await alarm({ ...ports, evidenceOf }, signal('search', 'ALARM', 0));
    at(30);
    await applyEvent({ ...ports, evidenceOf }, { type: 'timer', timer: scheduled[0]! });
    expect(published[0]!.incident.evidence).toMatchObject({ slot: start + 30_000 });
  });

  test('that arrives early is scheduled again', async () => {
    const { ports, scheduled, at } = await track();
    await alarm(ports, signal('search', 'ALARM', 0));
    at(29);
    expect(await applyEvent(ports, { type: 'timer', timer: scheduled[0]! })).toEqual({ reason: 'not-due' });
    expect(scheduled).toEqual([scheduled[0], scheduled[0]]);
  });

  test('that is stale is not sent on its way again', async () => {
    const { ports, table, scheduled, at } = await track();
    const { incident } = await alarm(ports, signal('search', 'ALARM', 0));
    at(20);
    await alarm(ports, signal('search', 'OK', 20));
    expect((await applyEvent(ports, { type: 'timer', timer: scheduled[0]! })).reason).toBe('stale-timer');
    expect(scheduled).toHaveLength(1);
    expect(await table.readPending(incident!.id)).toEqual([]);
  });

  test('of an incident that is gone is done with', async () => {
    const { ports } = await track();
    const timer = { id: 'gone#1', incident: 'gone', dueAt: start, fence: 0 };
    expect(await applyEvent(ports, { type: 'timer', timer })).toEqual({ reason: 'not-found' });
  });
});

describe('people', () => {
  test('acknowledge, comment and resolve, and all of it is in the timeline', async () => {
    const { ports, table, published, told } = await track();
    const { incident } = await alarm(ports, signal('website', 'ALARM', 0));
    const id = incident!.id;
    expect((await applyToIncident(ports, id, { type: 'acknowledge', actor: 'ann' })).status).toBe(
      'acknowledged',
    );
    await applyToIncident(ports, id, { type: 'comment', actor: 'ann', text: 'disk <full> 💾' });
    expect((await applyToIncident(ports, id, { type: 'resolve', actor: 'ann' })).status).toBe('resolved');
    const { timeline } = (await table.readWhole(id))!;
    expect(timeline.map(({ type }) => type)).toEqual([
      'opened',
      'announced',
      'acknowledged',
      'commented',
      'resolved',
    ]);
    expect(timeline[3]).toMatchObject({ actor: 'ann', text: 'disk <full> 💾' });
    expect(published.map(({ type }) => type)).toEqual(['firing', 'acknowledged', 'commented', 'resolved']);
    expect(told()).toEqual(['firing website 1', 'resolved website 2']);
  });

  test.each([
    ['acknowledge', 'already-resolved'],
    ['resolve', 'already-resolved'],
  ] as const)('may not %s what is resolved', async (type, code) => {
    const { ports } = await track();
    const { incident } = await alarm(ports, signal('website', 'ALARM', 0));
    await alarm(ports, signal('website', 'OK', 60));
    const action = applyToIncident(ports, incident!.id, { type, actor: 'ann' });
    await expect(action).rejects.toMatchObject({ name: 'IncidentRefusal', code });
  });

  test('35 assign it to somebody of the config, where that knows anybody', async () => {
    const { ports } = await track();
    const people = [{ id: 'ann', name: 'Ann', contacts: ['oncall'] }];
    const known = { ...ports, config: { ...ports.config, people } };
    const { incident } = await alarm(known, signal('website', 'ALARM', 0));
    const assign = (assignee: string, to = known) =>
      applyToIncident(to, incident!.id, { type: 'assign', actor: 'ann', assignee });
    await expect(assign('nobody')).rejects.toMatchObject({ code: 'unknown-person' });
    expect((await assign('ann')).assignee).toBe('ann');
    expect((await assign('anybody', { ...known, config: ports.config })).assignee).toBe('anybody');
  });

  test('cannot reopen what a later incident of the group has followed', async () => {
    const { ports } = await track();
    const { incident } = await alarm(ports, signal('website', 'ALARM', 0));
    await alarm(ports, signal('website', 'OK', 60));
    await alarm(ports, signal('website', 'ALARM', 700));
    const reopening = applyToIncident(ports, incident!.id, { type: 'reopen', actor: 'ann' });
    await expect(reopening).rejects.toMatchObject({ code: 'newer-incident' });
  });

  test('and an alarm that reopen it at the same time open it once', async () => {
    const { ports, table, told } = await track();
    const { incident } = await alarm(ports, signal('website', 'ALARM', 0));
    await alarm(ports, signal('website', 'OK', 60));
    await Promise.allSettled([
      alarm(ports, signal('website', 'ALARM', 90)),
      applyToIncident(ports, incident!.id, { type: 'reopen', actor: 'ann' }),
      alarm(ports, signal('website', 'ALARM', 90)),
    ]);
    expect(await table.list()).toMatchObject([{ status: 'triggered', reopened: 1, firing: 1 }]);
    expect(await table.listOpen()).toEqual([incident!.id]);
    expect(told().slice(0, 3)).toEqual(['firing website 1', 'resolved website 2', 'firing website 3']);
  });

  test('are told when there is no such incident', async () => {
    const { ports } = await track();
    const action = applyToIncident(ports, 'nope', { type: 'comment', actor: 'ann', text: 'x' });
    await expect(action).rejects.toMatchObject({ code: 'not-found', message: 'there is no incident nope' });
  });

  test('flush what a crash left undone, by whatever they do', async () => {
    const { ports, table, told } = await track();
    await alarm(crashing(ports, 0, 'after'), signal('website', 'ALARM', 0)).catch(() => {});
    expect(told()).toEqual([]);
    const [incident] = await table.list();
    await applyToIncident(ports, incident!.id, { type: 'acknowledge', actor: 'ann' });
    expect(told()).toEqual(['firing website 1']);
  });
});
