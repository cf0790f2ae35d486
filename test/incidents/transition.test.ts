import { describe, expect, test } from 'vitest';
import type { AlarmSignal } from '../../shared/incidents/incident.ts';
import { signal, start } from './signals.ts';
import { newStory } from './story.ts';

describe('an alarm that fires', () => {
  test('opens an incident, and a critical one is told at once', () => {
    const story = newStory();
    expect(story.alarm(signal('website', 'ALARM', 0)).reason).toBe('opened');
    expect(story.latest()).toMatchObject({
      groupKey: 'monitor/website',
      status: 'triggered',
      severity: 'critical',
      title: 'website is down',
      cause: 'it is ALARM',
      openedAt: start,
      firing: 1,
      alerts: 1,
      announced: true,
      revision: 1,
      version: 1,
      plan: { receivers: [{ channel: 'ops' }, { channel: 'oncall' }] },
      told: { ops: 1, oncall: 1 },
      runbook: 'https://wiki.example.com/runbooks/website',
    });
    expect(story.latest().id).toMatch(/^20261120-[0-9a-hjkmnp-tv-z]{8}$/);
    expect(story.events).toHaveLength(1);
    expect(story.events[0]).toMatchObject({
      version: 1,
      type: 'firing',
      reason: 'first',
      at: start,
      system: 'acme',
      receivers: ['ops', 'oncall'],
      incident: { status: 'triggered', firing: 1, revision: 1 },
      links: { incident: `https://tocsin/${story.latest().id}` },
    });
    expect(story.latest().due).toEqual({ repeat: start + 4 * 3_600_000 });
  });

  test('that is not critical waits for 30 s before it is told', () => {
    const story = newStory();
    story.alarm(signal('search', 'ALARM', 0));
    expect(story.told()).toEqual([]);
    expect(story.timers).toMatchObject([{ dueAt: start + 30_000, fence: story.latest().fence }]);
    expect(story.at(30).change({ type: 'timer', timer: story.timers[0]! }).reason).toBe('announced');
    expect(story.told()).toEqual(['firing 1 to ops']);
  });

  test('the event holds nothing that is only ours', () => {
    const story = newStory();
    story.alarm(signal('website', 'ALARM', 0));
    for (const field of ['plan', 'told', 'due', 'announced', 'fence', 'version', 'sequence'])
      expect(story.events[0]!.incident).not.toHaveProperty(field);
  });

  test('the same change opens the same incident again, another one another', () => {
    const ids = [
      signal('website', 'ALARM', 0),
      signal('website', 'ALARM', 0),
      signal('website', 'ALARM', 1),
    ].map((of) => {
      const story = newStory();
      story.alarm(of);
      return story.latest().id;
    });
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });
});

describe('what later changes of alarms do', () => {
  const down = signal('website', 'ALARM', 0);
  test.each<[string, AlarmSignal[], string, string[]]>([
    ['the same change twice (1)', [down, down], 'not-newer', ['firing 1 to ops,oncall']],
    ['OK before ALARM (3)', [signal('website', 'OK', 9), down], 'not-newer', []],
    [
      'ALARM t2 before ALARM t1 (4)',
      [signal('website', 'ALARM', 9), down],
      'not-newer',
      ['firing 1 to ops,oncall'],
    ],
    [
      'an OK older than the ALARM (5)',
      [down, signal('website', 'OK', -9)],
      'not-newer',
      ['firing 1 to ops,oncall'],
    ],
    [
      'another state at the same time (6)',
      [down, signal('website', 'OK', 0)],
      'not-newer',
      ['firing 1 to ops,oncall'],
    ],
    [
      'INSUFFICIENT_DATA in the middle (7)',
      [down, signal('website', 'INSUFFICIENT_DATA', 9)],
      'insufficient-data',
      ['firing 1 to ops,oncall'],
    ],
    [
      'INSUFFICIENT_DATA → OK while an incident is open is a recovery',
      [down, signal('website', 'INSUFFICIENT_DATA', 9), signal('website', 'OK', 19)],
      'resolved',
      ['firing 1 to ops,oncall', 'resolved 2 to ops,oncall'],
    ],
    [
      'INSUFFICIENT_DATA → OK without one is nothing (8)',
      [signal('website', 'INSUFFICIENT_DATA', 0), signal('website', 'OK', 9)],
      'not-firing',
      [],
    ],
    [
      'an ALARM that INSUFFICIENT_DATA overtook still opens',
      [signal('website', 'INSUFFICIENT_DATA', 9), down],
      'opened',
      ['firing 1 to ops,oncall'],
    ],
    [
      'ALARM again while it fires (9)',
      [down, signal('website', 'ALARM', 9)],
      'already-firing',
      ['firing 1 to ops,oncall'],
    ],
    [
      'a second alarm of the same group joins (48)',
      [down, signal('website', 'ALARM', 9, '-2')],
      'alert-added',
      ['firing 1 to ops,oncall'],
    ],
    [
      'one of two recovers (49)',
      [down, signal('website', 'ALARM', 9, '-2'), signal('website', 'OK', 19)],
      'alert-recovered',
      ['firing 1 to ops,oncall'],
    ],
    [
      'the last of two recovers',
      [
        down,
        signal('website', 'ALARM', 9, '-2'),
        signal('website', 'OK', 19),
        signal('website', 'OK', 29, '-2'),
      ],
      'resolved',
      ['firing 1 to ops,oncall', 'resolved 2 to ops,oncall'],
    ],
    [
      'an OK of another account with the same name recovers nothing of ours (25)',
      [down, signal('website', 'OK', 19, '-elsewhere')],
      'not-firing',
      ['firing 1 to ops,oncall'],
    ],
    [
      'it fires anew soon after it recovered (50)',
      [down, signal('website', 'OK', 9), signal('website', 'ALARM', 19)],
      'reopened',
      ['firing 1 to ops,oncall', 'resolved 2 to ops,oncall', 'firing 3 to ops,oncall'],
    ],
    [
      'alarms of two monitors are two incidents (29)',
      [down, signal('search', 'ALARM', 1)],
      'opened',
      ['firing 1 to ops,oncall'],
    ],
    [
      'fired and recovered within the group wait: nobody hears of it (46)',
      [signal('search', 'ALARM', 0), signal('search', 'OK', 20)],
      'resolved',
      [],
    ],
  ])('%s', (_, signals, reason, told) => {
    const story = newStory();
    const decisions = signals.map((of) => story.alarm(of));
    expect(decisions.at(-1)!.reason).toBe(reason);
    expect(story.told()).toEqual(told);
  });

  test('a change that is ignored stores nothing, except that a newer one was seen', () => {
    const story = newStory();
    story.alarm(down);
    for (const ignored of [down, signal('website', 'OK', -1), signal('website', 'INSUFFICIENT_DATA', 5)])
      expect(story.alarm(ignored)).toMatchObject({ alerts: [], timeline: [], effects: [] });
    expect(story.alarm(down).alarms).toEqual([]);
    const again = story.alarm(signal('website', 'ALARM', 5));
    expect(again.incident).toBeUndefined();
    expect(again.alarms).toMatchObject([
      { before: { at: start }, after: { state: 'ALARM', at: start + 5_000, alert: { startedAt: start } } },
    ]);
  });

  test('the resolve carries when it ended and that it recovered, and the alert its period', () => {
    const story = newStory();
    story.alarm(down);
    const { alerts, timeline } = story.alarm(signal('website', 'OK', 200));
    expect(story.latest()).toMatchObject({
      status: 'resolved',
      resolvedAt: start + 200_000,
      resolvedBy: 'recovered',
      firing: 0,
    });
    expect(alerts).toMatchObject([{ startedAt: start, endedAt: start + 200_000 }]);
    expect(timeline.map(({ type, actor }) => `${type} by ${actor}`)).toEqual([
      'alert-recovered by cloudwatch',
      'resolved by tocsin',
    ]);
    expect(story.events[1]).toMatchObject({ type: 'resolved', reason: 'resolved', at: start + 200_000 });
  });

  test('an alarm that is deleted closes its incident with a note (39)', () => {
    const story = newStory();
    story.alarm(down);
    story.alarm({ ...signal('website', 'OK', 300), form: 'deleted', reason: 'the alarm no longer exists' });
    expect(story.latest()).toMatchObject({ status: 'resolved', resolvedBy: 'alarm-deleted' });
    expect(story.told()).toEqual(['firing 1 to ops,oncall', 'resolved 2 to ops,oncall']);
  });
});

describe('a timer', () => {
  test('that arrives twice, or after the end, does nothing', () => {
    const story = newStory();
    story.alarm(signal('search', 'ALARM', 0));
    const timer = story.timers[0]!;
    story.at(30).change({ type: 'timer', timer });
    expect(story.change({ type: 'timer', timer }).reason).toBe('stale-timer');
    story.alarm(signal('search', 'OK', 40));
    expect(story.change({ type: 'timer', timer }).reason).toBe('stale-timer');
    expect(story.told()).toEqual(['firing 1 to ops', 'resolved 2 to ops']);
  });

  test('with another fence does nothing', () => {
    const story = newStory();
    story.alarm(signal('search', 'ALARM', 0));
    const stale = { ...story.timers[0]!, fence: 7 };
    expect(story.at(30).change({ type: 'timer', timer: stale })).toMatchObject({
      reason: 'stale-timer',
      effects: [],
    });
  });

  test('adds evidence that came after the alarm', () => {
    const story = newStory();
    story.alarm(signal('search', 'ALARM', 0));
    const evidence = {
      location: 'home',
      slot: start,
      observation: { monitor: 'search', at: start, outcome: 'down' as const, status: 503 },
    };
    story.at(30).change({ type: 'timer', timer: story.timers[0]!, evidence });
    expect(story.events[0]!.incident.evidence).toEqual(evidence);
  });
});

describe('what people do', () => {
  const opened = () => {
    const story = newStory();
    story.alarm(signal('website', 'ALARM', 0));
    return story.at(60);
  };

  test('an acknowledgement is recorded and told to nobody, a second one changes nothing (35)', () => {
    const story = opened();
    story.change({ type: 'acknowledge', actor: 'ann' });
    expect(story.latest()).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: 'ann',
      acknowledgedAt: start + 60_000,
    });
    expect(story.events[1]).toMatchObject({ type: 'acknowledged', actor: 'ann', receivers: [] });
    expect(story.change({ type: 'acknowledge', actor: 'bob' }).reason).toBe('already-acknowledged');
    expect(story.latest().acknowledgedBy).toBe('ann');
  });

  test('an acknowledged incident still resolves by itself and tells it', () => {
    const story = opened();
    story.change({ type: 'acknowledge', actor: 'ann' });
    story.alarm(signal('website', 'OK', 90));
    expect(story.told().at(-1)).toBe('resolved 2 to ops,oncall');
  });

  test('resolved wins over acknowledge, in both orders (34, 35)', () => {
    const story = opened();
    story.alarm(signal('website', 'OK', 61));
    expect(story.change({ type: 'acknowledge', actor: 'ann' })).toMatchObject({
      reason: 'already-resolved',
      effects: [],
    });
    expect(story.change({ type: 'resolve', actor: 'ann' }).reason).toBe('already-resolved');
    expect(story.latest().status).toBe('resolved');
  });

  test('a comment is kept, even after the end, with who wrote it', () => {
    const story = opened();
    story.change({ type: 'resolve', actor: 'ann' });
    const { timeline } = story.change({ type: 'comment', actor: 'bob', text: 'it was DNS' });
    expect(timeline).toMatchObject([{ type: 'commented', actor: 'bob', text: 'it was DNS' }]);
    expect(story.events.at(-1)).toMatchObject({ type: 'commented', text: 'it was DNS', receivers: [] });
  });

  test('a person may resolve what still fires: it is marked, and told (36)', () => {
    const story = opened();
    const { timeline } = story.change({ type: 'resolve', actor: 'ann', text: 'known problem' });
    expect(story.latest()).toMatchObject({ status: 'resolved', resolvedBy: 'ann', firing: 1 });
    expect(timeline.at(-1)!.text).toBe('resolved by ann while 1 still firing: known problem');
    expect(story.events.at(-1)).toMatchObject({ type: 'resolved', actor: 'ann', text: 'known problem' });
  });

  test('then the same change of the alarm opens nothing, its recovery is noted, a newer one opens it again (36)', () => {
    const story = opened();
    story.change({ type: 'resolve', actor: 'ann' });
    const first = story.latest().id;
    expect(story.alarm(signal('website', 'ALARM', 0)).reason).toBe('not-newer');
    const ended = story.alarm(signal('website', 'OK', 90));
    expect(ended).toMatchObject({
      reason: 'alert-recovered',
      effects: [],
      incident: { id: first, firing: 0, status: 'resolved' },
    });
    expect(story.alarm(signal('website', 'ALARM', 120)).reason).toBe('reopened');
    expect(story.latest()).toMatchObject({ id: first, status: 'triggered', firing: 1, reopened: 1 });
    expect(story.told()).toEqual([
      'firing 1 to ops,oncall',
      'resolved 2 to ops,oncall',
      'firing 3 to ops,oncall',
    ]);
  });

  test('resolving what nobody was told of yet tells nobody', () => {
    const story = newStory();
    story.alarm(signal('search', 'ALARM', 0));
    story.at(10).change({ type: 'resolve', actor: 'ann' });
    expect(story.told()).toEqual([]);
  });
});
