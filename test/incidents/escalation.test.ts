import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import type { Scene } from '../../shared/incidents/transition/change.ts';
import type { Escalation } from '../../shared/routing/route.ts';
import { routeTo } from '../support/routes.ts';
import { config, signal, start } from './signals.ts';
import { newStory } from './story.ts';

const minute = 60_000;

const policy = (more: Partial<Escalation> = {}): Escalation => ({
  policy: 'website',
  steps: [
    { after: 0, notify: [{ rotation: 'primary' }] },
    { after: 10 * minute, notify: [{ rotation: 'secondary' }] },
    { after: 20 * minute, notify: [{ channel: 'boss' }] },
  ],
  repeat: 0,
  acknowledgedFor: 0,
  ...more,
});

const escalating = (escalation: Escalation): Config => ({
  ...config,
  routes: [routeTo(['ops'], {}, { escalate: 'website', groupInterval: 5 * minute, repeatEvery: 0 })],
  escalations: [escalation],
});

const reach: Scene['channelsOf'] = (target) =>
  'channel' in target
    ? [target.channel]
    : [`phone-of-${'rotation' in target ? target.rotation : target.person}`];

const newEscalated = (escalation = policy(), more: Partial<Scene> = {}) => {
  const story = newStory(escalating(escalation), { channelsOf: reach, ...more });
  story.alarm(signal('website', 'ALARM', 0));
  return story;
};

/** Who was told when, in minutes from the start. */
const log = (story: ReturnType<typeof newStory>) =>
  story.events
    .filter(({ type }) => type === 'firing')
    .map(({ at, reason, receivers }) => `${(at - start) / minute} ${reason} ${receivers}`);

describe('an escalation', () => {
  test('goes from step to step until the last; a step without a wait is told with the beginning', () => {
    const story = newEscalated();
    story.until(24 * 3_600);
    expect(log(story)).toEqual([
      '0 first ops,phone-of-primary',
      '10 escalated phone-of-secondary',
      '30 escalated boss',
    ]);
  });

  test('whoever it reached is told the end', () => {
    const story = newEscalated();
    story.until(15 * 60).alarm(signal('website', 'OK', 15 * 60));
    expect(story.events.at(-1)).toMatchObject({
      type: 'resolved',
      receivers: ['ops', 'phone-of-primary', 'phone-of-secondary'],
      before: { ops: 1, 'phone-of-primary': 1, 'phone-of-secondary': 2 },
    });
    expect(log(story.until(24 * 3_600))).toHaveLength(2);
  });

  test('100 an acknowledgement a millisecond before a step stops it', () => {
    const story = newEscalated();
    story.until(9 * 60 + 59.999).change({ type: 'acknowledge', actor: 'ann' });
    expect(log(story.until(24 * 3_600))).toHaveLength(1);
  });

  test('100 one that comes after the step was due, and before its timer, stops it too', () => {
    const story = newEscalated();
    story.at(10 * 60 + 5).change({ type: 'acknowledge', actor: 'ann' });
    expect(log(story.until(24 * 3_600))).toHaveLength(1);
  });

  test('101 a step whose timer comes twice is taken once', () => {
    const story = newEscalated();
    story.until(10 * 60);
    const taken = story.timers.find(({ dueAt }) => dueAt === start + 10 * minute)!;
    expect(story.change({ type: 'timer', timer: taken }).reason).toBe('stale-timer');
    expect(log(story)).toHaveLength(2);
  });

  test('101 a timer ten minutes late takes its step; the next one comes when it was due, not later', () => {
    const story = newEscalated();
    const [timer] = story.timers.filter(({ dueAt }) => dueAt === start + 10 * minute);
    story.at(20 * 60).change({ type: 'timer', timer: timer! });
    story.until(24 * 3_600);
    expect(log(story)).toEqual([
      '0 first ops,phone-of-primary',
      '20 escalated phone-of-secondary',
      '30 escalated boss',
    ]);
  });

  test('101 one so late that several steps are due takes them in one notice', () => {
    const story = newEscalated();
    const [timer] = story.timers.filter(({ dueAt }) => dueAt === start + 10 * minute);
    story.at(3_600).change({ type: 'timer', timer: timer! });
    expect(log(story)).toEqual(['0 first ops,phone-of-primary', '60 escalated phone-of-secondary,boss']);
  });

  test('101 goes on as it was when it began, whatever becomes of the config', () => {
    expect(newEscalated().latest().plan.escalation).toEqual(policy());
  });

  test('101 begins anew when it is opened again; timers of before are stale', () => {
    const story = newEscalated();
    const old = story.timers.at(-1)!;
    story.until(60).alarm(signal('website', 'OK', 60));
    story.until(120).alarm(signal('website', 'ALARM', 120));
    expect(story.change({ type: 'timer', timer: old }).reason).toBe('stale-timer');
    story.until(12 * 60);
    expect(log(story)).toEqual([
      '0 first ops,phone-of-primary',
      '2 reopened ops,phone-of-primary',
      '12 escalated phone-of-secondary',
    ]);
  });

  test('begins anew when the severity is raised, even where somebody was on it', () => {
    const story = newStory(escalating(policy()), { channelsOf: reach });
    story.alarm(signal('search', 'ALARM', 0));
    story.until(60).change({ type: 'acknowledge', actor: 'ann' });
    story.until(120).change({ type: 'severity', actor: 'bob', severity: 'critical' });
    story.until(12 * 60);
    expect(log(story)).toEqual([
      '0.5 first ops,phone-of-primary',
      '2 severity-raised ops,phone-of-primary',
      '12 escalated phone-of-secondary',
    ]);
  });

  test.each<[string, Scene['channelsOf'], string[]]>([
    [
      'an empty rotation falls through to the next step at once',
      (target) => ('rotation' in target && target.rotation === 'secondary' ? [] : reach(target)),
      ['0 first ops,phone-of-primary', '10 escalated boss'],
    ],
    ['where nobody of any step can be reached, everybody it is told to is', () => [], ['0 first ops']],
    [
      'where nobody of the last steps can be reached, likewise',
      (target) => ('rotation' in target && target.rotation === 'primary' ? reach(target) : []),
      ['0 first ops,phone-of-primary', '10 escalated ops'],
    ],
  ])('102 %s', (_, channelsOf, told) => {
    expect(log(newEscalated(policy(), { channelsOf }).until(24 * 3_600))).toEqual(told);
  });

  test('103 is gone through again as often as it says, with the interval of the group between two rounds', () => {
    const steps = [{ after: 0, notify: [{ channel: 'boss' }] }];
    const story = newEscalated(policy({ steps, repeat: 2 }));
    story.until(24 * 3_600);
    expect(log(story)).toEqual(['0 first ops,boss', '5 escalated boss', '10 escalated boss']);
  });

  test('104 an acknowledgement that led to nothing is void after its time, and it begins anew', () => {
    const story = newEscalated(policy({ acknowledgedFor: 60 * minute }));
    story.until(60).change({ type: 'acknowledge', actor: 'ann' });
    story.until(72 * 60);
    expect(log(story)).toEqual([
      '0 first ops,phone-of-primary',
      '61 unacknowledged ops,phone-of-primary',
      '71 escalated phone-of-secondary',
    ]);
    expect(story.latest().status).toBe('triggered');
    expect(story.timeline.map(({ text }) => text)).toContain('acknowledged by ann for too long');
  });

  test('104 one that is taken back by a person likewise; one of what is over by then is not', () => {
    const story = newEscalated(policy({ acknowledgedFor: 60 * minute }));
    story.until(60).change({ type: 'acknowledge', actor: 'ann' });
    story.until(120).change({ type: 'unacknowledge', actor: 'ann' });
    expect(log(story).at(-1)).toBe('2 unacknowledged ops,phone-of-primary');
    story.until(180).change({ type: 'acknowledge', actor: 'bob' });
    story.until(240).alarm(signal('website', 'OK', 240));
    expect(log(story.until(24 * 3_600))).toHaveLength(2);
  });

  test('that is held back waits, and goes on with its step when that ends', () => {
    let held = false;
    const story = newEscalated(policy(), {
      suppressionOf: () => (held ? { by: 'dependency', id: 'router', text: 'router fails' } : undefined),
    });
    held = true;
    story.until(20 * 60);
    expect(log(story)).toHaveLength(1);
    held = false;
    story.until(24 * 3_600);
    expect(log(story)).toEqual([
      '0 first ops,phone-of-primary',
      '20.5 mute-ended ops',
      '30.5 escalated phone-of-secondary',
      '50.5 escalated boss',
    ]);
  });

  test('begins for what a person made worse while it was held back', () => {
    let held = true;
    const routes = [
      routeTo(['ops'], { severity: ['critical'] }, { escalate: 'website', repeatEvery: 0 }),
      routeTo(['ops'], {}, { path: 'routes[1]', repeatEvery: 0 }),
    ];
    const monitors = config.monitors.map((each) => ({
      ...each,
      alert: { ...each.alert, severity: 'high' as const },
    }));
    const story = newStory(
      { ...escalating(policy()), monitors, routes },
      {
        channelsOf: reach,
        suppressionOf: () => (held ? { by: 'silence', id: 's1', text: 'silenced by ana' } : undefined),
      },
    );
    story.alarm(signal('website', 'ALARM', 0));
    story.until(60).change({ type: 'severity', actor: 'ann', severity: 'critical' });
    held = false;
    expect(log(story.until(24 * 3_600))).toEqual([
      '1.5 mute-ended ops,phone-of-primary',
      '11.5 escalated phone-of-secondary',
      '31.5 escalated boss',
    ]);
  });
});
