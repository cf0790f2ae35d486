import { expect, describe as suite, test } from 'vitest';
import { describe } from '../../shared/incidents/describe.ts';
import type { AlarmSignal } from '../../shared/incidents/incident.ts';
import { parseAlarm } from '../../shared/incidents/parse-alarm.ts';
import { testReason } from '../../shared/incidents/test-alert.ts';
import { transition } from '../../shared/incidents/transition.ts';
import { noticeOf } from '../../shared/notifications/notice.ts';
import { config, sceneAt, start } from './signals.ts';

const scene = sceneAt(start);

/** The signal of a monitor's alarm that somebody set. */
function told(state: 'OK' | 'ALARM', reason: string, seconds = 0): AlarmSignal {
  const name = `${config.name}/monitor/${config.monitors[0]!.id}`;
  const at = start + seconds * 1_000;
  const message = {
    AlarmName: name,
    AlarmDescription: 'website failed in 2 of 3 checks.',
    AlarmArn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`,
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: new Date(at).toISOString(),
    Trigger: {},
  };
  return parseAlarm(JSON.stringify(message), config.name, at);
}

const change = (signal: AlarmSignal) => ({
  type: 'alarm' as const,
  signal,
  about: describe(signal, config),
});

const published = ({ effects }: ReturnType<typeof transition>) =>
  effects.flatMap((effect) => (effect.kind === 'publish' ? [effect.event] : []));

suite('an alarm that somebody sets to test', () => {
  const opened = transition({}, change(told('ALARM', testReason('ann'))), scene);

  test('opens an incident that says so, and is told at once, whatever its severity', () => {
    const quiet = { ...change(told('ALARM', testReason('ann'))) };
    quiet.about.severity = 'info';

    const { incident, effects } = transition({}, quiet, scene);

    expect(incident).toMatchObject({ test: true, title: expect.stringMatching(/^TEST .+ is down$/) });
    expect(effects).toMatchObject([{ kind: 'publish', event: { type: 'firing', reason: 'test' } }]);
  });

  test('is a test from beginning to end: whoever recovers it', () => {
    const recovery = change(told('OK', 'Threshold Crossed: no datapoint was above', 10));

    const closed = transition(
      { incident: opened.incident!, alarm: opened.alarms[0]!.after },
      recovery,
      scene,
    );

    expect(closed.incident).toMatchObject({ status: 'resolved', test: true });
    expect(published(closed)).toMatchObject([{ type: 'resolved', reason: 'test' }]);
  });

  test('tells people that nothing is broken', () => {
    const [firing] = published(opened);
    expect(noticeOf(firing!)).toMatchObject({
      badge: 'TEST',
      why: ['TOCSIN TEST by ann'],
      lead: expect.stringContaining('Nothing is broken'),
      footer: expect.stringContaining('test asked for by hand'),
    });
  });

  test('is nothing like one that fires because of its metric', () => {
    const { incident, effects } = transition({}, change(told('ALARM', 'Threshold Crossed')), scene);
    expect(incident).not.toHaveProperty('test');
    expect(incident!.title).not.toContain('TEST');
    expect(effects[0]).toMatchObject({ event: { reason: 'first' } });
  });
});
