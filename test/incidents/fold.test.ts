import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { describe as about } from '../../shared/incidents/describe.ts';
import type { AlarmRecord, AlarmSignal, Effect, Incident } from '../../shared/incidents/incident.ts';
import { type AlarmChange, foldAlarms } from '../../shared/incidents/transition/fold.ts';
import { routeTo } from '../support/routes.ts';
import { monitor, config as plain, sceneAt, signal, start } from './signals.ts';
import { newStory } from './story.ts';

const config: Config = {
  ...plain,
  monitors: ['a', 'b', 'c'].map((id) => monitor(id, id === 'a' ? 'critical' : 'warning')),
  routes: [routeTo(['ops'], {}, { groupBy: ['team'] })],
};

const changeOf = (of: AlarmSignal): AlarmChange => ({ type: 'alarm', signal: of, about: about(of, config) });

/** Folds until all are applied, as if each fold was stored. */
function foldAll(signals: AlarmSignal[], now: number) {
  const incidents = new Map<string, Incident>();
  const alarms = new Map<string, AlarmRecord>();
  const effects: Effect[] = [];
  let group: string | undefined;
  let folds = 0;
  for (let rest = signals; rest.length > 0; folds++) {
    const known = { incidents, alarms, ...(group !== undefined && { group }) };
    const folded = foldAlarms(rest.map(changeOf), known, sceneAt(now));
    const { incident } = folded.transition;
    if (incident) {
      incidents.set(incident.id, incident);
      if (incident.status !== 'resolved') group = incident.id;
      group ??= incident.id;
    }
    for (const { after } of folded.transition.alarms) alarms.set(after.key, after);
    effects.push(...folded.transition.effects);
    rest = rest.slice(folded.applied.length);
  }
  return { incidents, alarms, effects, folds };
}

describe('changes of several alarms at once', () => {
  test('are the same as one after the other', () => {
    const changes = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      state: fc.constantFrom('OK', 'ALARM' as const),
      seconds: fc.nat(2_000),
    });
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 10 }), (steps) => {
        const signals = steps
          .toSorted((one, other) => one.seconds - other.seconds)
          .map(({ id, state, seconds }) => signal(id, state, seconds));
        const story = newStory(config, { links: () => ({}) }).at(3_000);
        for (const each of signals) story.alarm(each);
        const { incidents, alarms, effects } = foldAll(signals, start + 3_000_000);
        expect([...incidents.values()]).toEqual([...story.incidents.values()]);
        expect([...alarms.values()]).toEqual([...story.alarms.values()]);
        expect(effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.event] : []))).toEqual(
          story.events,
        );
        for (const { id, fence, due } of incidents.values()) {
          const live = effects.filter(
            (effect) =>
              effect.kind === 'timer' && effect.timer.incident === id && effect.timer.fence === fence,
          );
          expect(live).toHaveLength(Object.keys(due).length > 0 ? 1 : 0);
        }
      }),
    );
  });

  test('of one incident are one transition, with one timer, and each alarm once', () => {
    const signals = [0, 1, 2, 3].flatMap((n) =>
      ['a', 'b'].map((id) => signal(id, n % 2 ? 'OK' : 'ALARM', 10 * n)),
    );
    const { transition, applied, before } = foldAlarms(
      signals.slice(0, 4).map(changeOf),
      { incidents: new Map(), alarms: new Map() },
      sceneAt(start),
    );
    expect(before).toEqual({});
    expect(applied.map(({ reason }) => reason)).toEqual([
      'opened',
      'alert-added',
      'alert-recovered',
      'resolved',
    ]);
    expect(transition.alarms.map(({ after }) => after.state)).toEqual(['OK', 'OK']);
    expect(transition.alerts).toHaveLength(2);
    expect(transition.effects.map(({ kind }) => kind)).toEqual(['publish', 'publish']);
  });

  test('end where the next incident begins', () => {
    const signals = [signal('a', 'ALARM', 0), signal('a', 'OK', 60), signal('a', 'ALARM', 6_000)];
    const { applied } = foldAlarms(
      signals.map(changeOf),
      { incidents: new Map(), alarms: new Map() },
      sceneAt(start),
    );
    expect(applied.map(({ reason }) => reason)).toEqual(['opened', 'resolved']);
    expect(foldAll(signals, start).folds).toBe(2);
  });
});
