import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import type { Hours } from '../../shared/routing/route.ts';
import { routeTo } from '../support/routes.ts';
import { config, signal, start } from './signals.ts';
import { newStory } from './story.ts';

/** The story begins on a Friday at 06:10 in Madrid. */
const officeHours: Hours = {
  zone: 'Europe/Madrid',
  times: [{ days: [1, 2, 3, 4, 5], from: 9 * 60, to: 18 * 60 }],
};

const untilNine = 2 * 3_600 + 50 * 60;
const untilEight = 3_600 + 50 * 60;

/** `oncall` always, `ops` only as `terms` say. */
const withTerms = (terms: object): Config => ({
  ...config,
  routes: [
    routeTo(['ops'], {}, { continue: true, ...terms }),
    routeTo(['oncall'], {}, { path: 'routes[1]' }),
  ],
});

describe('a receiver outside of its hours', () => {
  test('is told when they begin, if it still fires', () => {
    const story = newStory(withTerms({ hours: officeHours, repeatEvery: 0 }));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(untilNine - 1);
    expect(story.notices()).toEqual(['first to oncall']);
    story.until(untilNine);
    expect(story.notices()).toEqual(['first to oncall', 'mute-ended to ops']);
    story.until(untilNine + 60).alarm(signal('website', 'OK', untilNine + 60));
    expect(story.notices().at(-1)).toBe('resolved to oncall,ops');
  });

  test('is told nothing of what is over by then', () => {
    const story = newStory(withTerms({ hours: officeHours }));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(60).alarm(signal('website', 'OK', 60));
    expect(story.until(untilNine + 60).notices()).toEqual(['first to oncall', 'resolved to oncall']);
  });

  test('who was told within them is told the end at any time', () => {
    const story = newStory(withTerms({ hours: officeHours, repeatEvery: 0 }));
    const [begin, end] = [untilNine + 60, untilNine + 10 * 3_600];
    story.until(begin).alarm(signal('website', 'ALARM', begin));
    story.until(end).alarm(signal('website', 'OK', end));
    expect(story.notices()).toEqual(['first to ops,oncall', 'resolved to ops,oncall']);
  });

  test('is told once where a reminder came in between', () => {
    const story = newStory(withTerms({ hours: officeHours, repeatEvery: 3 * 3_600_000 }));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(4 * 3_600);
    expect(story.notices()).toEqual(['first to oncall', 'mute-ended to ops', 'repeat to ops,oncall']);
  });

  test('whose day never comes leaves the others alone', () => {
    const story = newStory(withTerms({ hours: { ...officeHours, times: [] }, repeatEvery: 0 }));
    story.alarm(signal('website', 'ALARM', 0));
    expect(story.until(7 * 86_400).notices()).toEqual(['first to oncall']);
  });

  test('a weekend lies between', () => {
    const saturday = 86_400;
    const story = newStory(withTerms({ hours: officeHours, repeatEvery: 0 }));
    story.until(saturday).alarm(signal('website', 'ALARM', saturday));
    story.until(3 * 86_400 + untilNine);
    expect(story.events.map(({ at, receivers }) => `${(at - start) / 3_600_000} ${receivers}`)).toEqual([
      '24 oncall',
      `${72 + untilNine / 3_600} ops`,
    ]);
  });
});

describe('a receiver that wants a digest', () => {
  const digest = { at: 8 * 60, zone: 'Europe/Madrid' };

  test('is a receiver as ever, with the time of its next digest; it is not reminded', () => {
    const story = newStory(withTerms({ digest, repeatEvery: 3_600_000 }));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(3_600);
    story.alarm(signal('website', 'OK', 3_600));
    expect(story.notices()).toEqual(['first to ops,oncall', 'repeat to oncall', 'resolved to ops,oncall']);
    const due = start + untilEight * 1_000;
    expect(story.events.map(({ digests }) => digests)).toEqual([{ ops: due }, undefined, { ops: due }]);
  });
});

describe('a channel that could not be told', () => {
  const failing = (channel: string, revision: number) =>
    ({ type: 'undelivered', channel, revision, reason: '404 no_service' }) as const;
  const fallbacks: Record<string, string> = { ops: 'oncall', oncall: 'pager', pager: 'ops' };
  const newFailing = () => {
    const story = newStory(
      { ...config, routes: [routeTo(['ops'])] },
      { fallbackOf: (channel) => fallbacks[channel] },
    );
    story.alarm(signal('website', 'ALARM', 0));
    return story;
  };

  test('86 is noted, and its fallback is told, from then on', () => {
    const story = newFailing();
    expect(story.change(failing('ops', 1)).reason).toBe('undelivered');
    story.until(60).alarm(signal('website', 'OK', 60));
    expect(story.notices()).toEqual(['first to ops', 'fallback to oncall', 'resolved to ops,oncall']);
    expect(story.timeline.map(({ text }) => text)).toContain(
      'ops could not be told: 404 no_service; oncall stands in for it',
    );
  });

  test('is noted once, however often the same is reported', () => {
    const story = newFailing();
    story.change(failing('ops', 1));
    expect(story.change(failing('ops', 1))).toMatchObject({ reason: 'already-known', effects: [] });
  });

  test('whose fallback fails as well hands on, and never in circles', () => {
    const story = newFailing();
    story.change(failing('ops', 1));
    story.change(failing('oncall', 2));
    story.change(failing('pager', 3));
    expect(story.notices()).toEqual(['first to ops', 'fallback to oncall', 'fallback to pager']);
    expect(story.timeline.at(-1)!.text).toBe(
      'pager could not be told: 404 no_service; nobody stands in for it',
    );
  });

  test('of the end has its fallback told of that; of a beginning that is over, nobody', () => {
    const story = newFailing();
    story.until(60).alarm(signal('website', 'OK', 60));
    story.change(failing('ops', 1));
    expect(story.notices()).toEqual(['first to ops', 'resolved to ops']);
    story.change(failing('ops', 2));
    expect(story.events.at(-1)).toMatchObject({
      type: 'resolved',
      reason: 'fallback',
      receivers: ['oncall'],
    });
  });

  test('whose fallback knows already tells it nothing twice', () => {
    const both = { ...config, routes: [routeTo(['ops', 'oncall'])] };
    const story = newStory(both, { fallbackOf: (channel) => fallbacks[channel] });
    story.alarm(signal('website', 'ALARM', 0));
    story.change(failing('ops', 1));
    expect(story.notices()).toEqual(['first to ops,oncall']);
  });
});

describe('what people do', () => {
  const follows = (channel: string) => channel === 'oncall';

  test('is told to channels that follow it, of those that were told', () => {
    const story = newStory(config, { follows });
    story.alarm(signal('website', 'ALARM', 0));
    story.change({ type: 'acknowledge', actor: 'ann' });
    story.change({ type: 'assign', actor: 'ann', assignee: 'bob' });
    story.change({ type: 'comment', actor: 'ann', text: 'DNS' });
    story.change({ type: 'severity', actor: 'ann', severity: 'info' });
    expect(story.told()).toEqual([
      'firing 1 to ops,oncall',
      'acknowledged 2 to oncall',
      'assigned 3 to oncall',
      'commented 4 to oncall',
      'severity-changed 5 to oncall',
    ]);
    story.alarm(signal('website', 'OK', 60));
    expect(story.events.at(-1)!.before).toEqual({ ops: 1, oncall: 5 });
  });

  test('is told to nobody before it was announced', () => {
    const story = newStory(config, { follows: () => true });
    story.alarm(signal('search', 'ALARM', 0));
    story.change({ type: 'acknowledge', actor: 'ann' });
    expect(story.told()).toEqual(['acknowledged 0 to ']);
  });

  test('who is given an incident hears of it, and of its end', () => {
    const story = newStory(undefined, {
      channelsOf: (target) => ('person' in target ? [`phone-of-${target.person}`] : []),
    });
    story.alarm(signal('website', 'ALARM', 0));
    story.change({ type: 'assign', actor: 'ann', assignee: 'bob' });
    story.at(60).alarm(signal('website', 'OK', 60));
    expect(story.notices()).toEqual([
      'first to ops,oncall',
      'assigned to phone-of-bob',
      'resolved to ops,oncall,phone-of-bob',
    ]);
  });

  test.each([
    ['whoever takes it', 'bob', 'website'],
    ['of what nobody was told of yet', 'ann', 'search'],
  ])('nobody is told that it was assigned: %s', (_, actor, monitor) => {
    const story = newStory(undefined, { channelsOf: () => ['phone-of-bob'] });
    story.alarm(signal(monitor, 'ALARM', 0));
    story.change({ type: 'assign', actor, assignee: 'bob' });
    expect(story.notices().filter((notice) => notice.startsWith('assigned'))).toEqual([]);
  });

  test('an assignee is kept, and replaced, and taken away', () => {
    const story = newStory();
    story.alarm(signal('website', 'ALARM', 0));
    story.change({ type: 'assign', actor: 'ann', assignee: 'bob' });
    expect(story.latest().assignee).toBe('bob');
    expect(story.change({ type: 'assign', actor: 'ann', assignee: 'bob' }).reason).toBe('unchanged');
    story.change({ type: 'assign', actor: 'ann' });
    expect(story.latest()).not.toHaveProperty('assignee');
    expect(story.events.map(({ type, text }) => [type, text])).toEqual([
      ['firing', undefined],
      ['assigned', 'assigned to bob'],
      ['assigned', 'assigned to nobody'],
    ]);
  });

  test.each([['acknowledge'], ['unacknowledge'], ['resolve'], ['severity']] as const)(
    '35 %s of what is resolved changes nothing',
    (type) => {
      const story = newStory();
      story.alarm(signal('website', 'ALARM', 0));
      story.alarm(signal('website', 'OK', 60));
      const decided = story.change({ type, actor: 'ann', severity: 'info' } as Parameters<
        typeof story.change
      >[0]);
      expect(decided).toMatchObject({ reason: 'already-resolved', effects: [], timeline: [] });
    },
  );
});
