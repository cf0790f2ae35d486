import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import type { Incident, IncidentEvent } from '../../shared/incidents/incident.ts';
import type { Suppression } from '../../shared/suppression/suppression.ts';
import { routeTo } from '../support/routes.ts';
import { monitor, config as plain, signal } from './signals.ts';
import { newStory, type Story } from './story.ts';

/** Two critical monitors that are a group with escalation, and one that is alone and waits; a receiver that wants no ends. */
const config: Config = {
  ...plain,
  monitors: [monitor('website', 'critical'), monitor('shop', 'warning'), monitor('search', 'warning')],
  routes: [
    routeTo(['ops', 'oncall'], { monitor: ['website', 'shop'] }, { groupBy: ['team'], escalate: 'all' }),
    routeTo(['mute'], {}, { sendResolved: false, path: 'routes[1]', continue: true }),
    routeTo(['ops'], {}, { path: 'routes[2]' }),
  ],
  escalations: [
    {
      policy: 'all',
      steps: [
        { after: 300_000, notify: [{ channel: 'phone' }] },
        { after: 300_000, notify: [{ rotation: 'empty' }] },
      ],
      repeat: 1,
      acknowledgedFor: 1_800_000,
    },
  ],
};

const ids = ['website', 'shop', 'search'];

const alarmSteps = fc.record({
  kind: fc.constant('alarm' as const),
  id: fc.constantFrom(...ids),
  copy: fc.constantFrom('', '-2'),
  state: fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA' as const),
  /** Seconds by which it is older than the moment it arrives. */
  late: fc.constantFrom(0, 0, 5, 400),
});
const timeSteps = fc.record({
  kind: fc.constant('time' as const),
  seconds: fc.constantFrom(0, 1, 20, 31, 290, 301, 601, 1_801, 15_000),
});
const timerSteps = fc.record({ kind: fc.constant('timer' as const), pick: fc.nat(99) });
const peopleSteps = fc.record({
  kind: fc.constantFrom(
    'acknowledge',
    'unacknowledge',
    'resolve',
    'reopen',
    'comment',
    'raise',
    'lower',
    'recheck' as const,
  ),
  pick: fc.nat(20),
});
const failureSteps = fc.record({
  kind: fc.constant('undelivered' as const),
  pick: fc.nat(20),
  channel: fc.constantFrom('ops', 'oncall', 'phone'),
});
const holdSteps = fc.record({ kind: fc.constant('hold' as const), until: fc.constantFrom(0, 60, 900) });
const anything = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: alarmSteps },
    { weight: 4, arbitrary: timeSteps },
    { weight: 1, arbitrary: timerSteps },
    { weight: 2, arbitrary: peopleSteps },
    { weight: 1, arbitrary: failureSteps },
    { weight: 1, arbitrary: holdSteps },
  ),
  { maxLength: 60 },
);
type Steps = typeof anything extends fc.Arbitrary<infer Each> ? Each : never;

/** Plays steps one after the other, and looks at the story after each. */
function play(steps: Steps, check: (story: Story) => void = () => {}) {
  let held: Suppression | undefined;
  const story = newStory(config, {
    suppressionOf: () => held,
    isPerson: (id, name) => id === name,
    fallbackOf: (channel) => (channel === 'ops' ? 'oncall' : undefined),
    follows: (channel) => channel === 'phone',
  });
  let now = 1_000;
  story.at(now);
  for (const step of steps) {
    switch (step.kind) {
      case 'alarm':
        story.alarm(signal(step.id, step.state, now - step.late, step.copy));
        break;
      case 'time':
        now += step.seconds;
        story.until(now);
        break;
      case 'timer': {
        // Any timer once more: a redelivery. One that is early would not be handed on.
        const due = story.timers.filter(({ dueAt }) => dueAt <= story.now());
        const timer = due[step.pick % due.length];
        if (timer) story.change({ type: 'timer', timer }, timer.incident);
        break;
      }
      case 'hold':
        held = step.until
          ? { by: 'silence', id: 's', text: 'silenced', until: story.now() + step.until * 1_000 }
          : undefined;
        break;
      default: {
        const known = [...story.incidents.keys()];
        const id = known[step.pick % known.length];
        if (id !== undefined) act(story, step, id);
      }
    }
    check(story);
  }
  return {
    story,
    /** All alarms recover, all silences end, and everything that time would bring has come. */
    rest() {
      held = undefined;
      now += 1;
      for (const id of ids)
        for (const copy of ['', '-2']) {
          now += 1;
          story.at(now).alarm(signal(id, 'OK', now, copy));
        }
      for (const { id, status, firing } of story.incidents.values())
        if (status !== 'resolved' && firing === 0) story.change({ type: 'resolve', actor: 'ann' }, id);
      story.until(now + 7 * 86_400);
      return story;
    },
  };
}

function act(story: Story, step: Extract<Steps[number], { pick: number }>, id: string): void {
  const actor = 'ann';
  switch (step.kind) {
    case 'timer':
      return;
    case 'raise':
      return void story.change({ type: 'severity', actor, severity: 'critical' }, id);
    case 'lower':
      return void story.change({ type: 'severity', actor, severity: 'info' }, id);
    case 'recheck':
      return void story.change({ type: 'recheck' }, id);
    case 'undelivered': {
      const { told, toldBefore } = story.incidents.get(id)!;
      const revision = told[step.channel] ?? toldBefore?.[step.channel];
      if (revision !== undefined)
        story.change({ type: 'undelivered', channel: step.channel, revision, reason: 'gone' }, id);
      return;
    }
    default:
      return void story.change({ type: step.kind, actor, text: 'x' }, id);
  }
}

const eventsOf = (story: Story, { id }: Incident): IncidentEvent[] =>
  story.events.filter(({ incident }) => incident.id === id);

/** What a channel was told of an incident, in order. */
const heard = (events: IncidentEvent[], channel: string) =>
  events.filter(({ receivers }) => receivers.includes(channel));

const channels = ['ops', 'oncall', 'phone', 'mute'];

describe('whatever happens, however often and in whatever order', () => {
  test('an incident is as its alarms are, and a group has one open incident at most', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        play(steps, (story) => {
          const open = [...story.incidents.values()].filter(({ status }) => status !== 'resolved');
          expect(new Set(open.map(({ groupKey }) => groupKey)).size).toBe(open.length);
          for (const incident of open) {
            const firing = [...story.alarms.values()].filter(
              (alarm) => alarm.incident === incident.id && alarm.state === 'ALARM',
            );
            expect(incident.firing).toBe(firing.length);
            // Only a person leaves open what does not fire.
            if (!steps.some(({ kind }) => kind === 'reopen')) expect(incident.firing).toBeGreaterThan(0);
            expect(incident.fresh).toBeGreaterThanOrEqual(0);
            expect(incident.gone).toBeGreaterThanOrEqual(0);
          }
        });
      }),
    );
  });

  test('in the end it is over, and every channel that was told is told so last, unless it wants no ends', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const story = play(steps).rest();
        for (const incident of story.incidents.values()) {
          expect(incident).toMatchObject({ status: 'resolved', due: {}, told: {}, announced: false });
          for (const channel of channels) {
            const events = heard(eventsOf(story, incident), channel);
            const told = events.map(({ type }) => type);
            if (told.includes('firing')) expect(told.at(-1) === 'resolved').toBe(channel !== 'mute');
            // No end without a beginning, unless for those who heard it in place of others, and none twice.
            if (events[0]?.reason !== 'fallback') expect(told[0]).not.toBe('resolved');
            expect(told.join(' ')).not.toMatch(/resolved (?!firing)/);
          }
        }
      }),
    );
  });

  test('revisions and sequences rise, and each channel is told which one came before for it', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const { story } = play(steps);
        for (const incident of story.incidents.values()) {
          const events = eventsOf(story, incident);
          const sequences = events.map(({ sequence }) => sequence);
          expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
          const notifying = events.filter(({ before }) => before);
          expect(notifying.map((event) => event.incident.revision)).toEqual(notifying.map((_, n) => n + 1));
          for (const channel of channels) {
            let last = 0;
            for (const event of heard(events, channel)) {
              expect(event.before![channel]).toBe(last);
              last = event.incident.revision;
            }
          }
        }
      }),
    );
  });

  test('it has one timer at most that is not stale, at the earliest moment at which anything is due', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        play(steps, (story) => {
          for (const incident of story.incidents.values()) {
            const live = story
              .waiting()
              .filter((timer) => timer.incident === incident.id && timer.fence === incident.fence);
            const dues = Object.values(incident.due);
            expect(live.map(({ dueAt }) => dueAt)).toEqual(dues.length > 0 ? [Math.min(...dues)] : []);
          }
        });
      }),
    );
  });

  test('nobody is told that it fires while it is held back', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const { story } = play([
          { kind: 'hold', until: 900 },
          ...steps.filter(({ kind }) => kind !== 'hold' && kind !== 'time'),
        ]);
        expect(story.events.filter(({ type }) => type === 'firing')).toEqual([]);
      }),
    );
  });

  test('what has been applied changes nothing when it comes again', () => {
    fc.assert(
      fc.property(anything, (steps) => {
        const { story } = play(steps);
        const before = structuredClone([...story.incidents.values()]);
        const events = story.events.length;
        for (const { key, at, state } of story.alarms.values()) {
          const [id, copy] = key.endsWith('-2')
            ? [key.split('/').at(-1)!.slice(0, -2), '-2']
            : [key.split('/').at(-1)!, ''];
          story.alarm({ ...signal(id, state, 0, copy), at });
        }
        for (const timer of story.timers.filter((each) => !story.waiting().includes(each)))
          expect(story.change({ type: 'timer', timer }, timer.incident).reason).toBe('stale-timer');
        expect([...story.incidents.values()]).toEqual(before);
        expect(story.events).toHaveLength(events);
      }),
    );
  });
});
