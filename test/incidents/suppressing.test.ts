import { describe, expect, test } from 'vitest';
import type { Suppression } from '../../shared/suppression/suppression.ts';
import { config, signal, start } from './signals.ts';
import { newStory } from './story.ts';

const silence = (until?: number): Suppression => ({
  by: 'silence',
  id: 's1',
  text: 'silenced by ana: deploy',
  ...(until !== undefined && { until: start + until * 1_000 }),
});

/** A story in which something is held back while `now` says so. */
function newHeld(initial: Suppression | undefined) {
  let now = initial;
  const story = newStory(config, { suppressionOf: () => now });
  return {
    story,
    hold: (suppression: Suppression | undefined) => {
      now = suppression;
    },
  };
}

describe('what is held back', () => {
  test('is known, in its timeline, and told to nobody', () => {
    const { story } = newHeld(silence(3_600));
    story.alarm(signal('website', 'ALARM', 0));
    expect(story.events).toEqual([]);
    expect(story.latest()).toMatchObject({ status: 'triggered', suppressed: { by: 'silence', id: 's1' } });
    expect(story.timeline.map(({ text }) => text)).toContain('nobody is told: silenced by ana: deploy');
  });

  test('67 is told once when that ends while it fires', () => {
    const { story, hold } = newHeld(silence(3_600));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(3_599);
    hold(undefined);
    expect(story.notices()).toEqual([]);
    story.until(3_600);
    expect(story.notices()).toEqual(['mute-ended to ops,oncall']);
    expect(story.latest()).not.toHaveProperty('suppressed');
    expect(story.until(4 * 3_600).notices()).toHaveLength(1);
  });

  test('is told nothing of when it ends before', () => {
    const { story, hold } = newHeld(silence(3_600));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(60).alarm(signal('website', 'OK', 60));
    hold(undefined);
    expect(story.until(7_200).events).toEqual([]);
    expect(story.latest()).not.toHaveProperty('suppressed');
  });

  test('68 of two that overlap the later one holds it back when the first expires', () => {
    const { story, hold } = newHeld(silence(600));
    story.alarm(signal('website', 'ALARM', 0));
    hold({ ...silence(1_200), id: 's2' });
    story.until(900);
    expect(story.notices()).toEqual([]);
    expect(story.latest().suppressed!.id).toBe('s2');
    hold(undefined);
    expect(story.until(1_200).notices()).toEqual(['mute-ended to ops,oncall']);
  });

  test('58 by a parent that says no end is looked at again every 30 s', () => {
    const { story, hold } = newHeld({ by: 'dependency', id: 'router', text: 'router fails' });
    story.alarm(signal('website', 'ALARM', 0));
    story.until(100);
    hold(undefined);
    expect(story.until(119).notices()).toEqual([]);
    expect(story.until(120).notices()).toEqual(['mute-ended to ops,oncall']);
  });

  test('is looked at at once when somebody ends the silence', () => {
    const { story, hold } = newHeld(silence(86_400));
    story.alarm(signal('website', 'ALARM', 0));
    hold(undefined);
    story.at(60);
    expect(story.change({ type: 'recheck' }).reason).toBe('rechecked');
    expect(story.notices()).toEqual(['mute-ended to ops,oncall']);
    expect(story.change({ type: 'recheck' })).toMatchObject({ reason: 'not-suppressed', effects: [] });
  });

  test('is looked at every quarter of an hour, should nobody say that it was ended', () => {
    const { story, hold } = newHeld(silence(86_400));
    story.alarm(signal('website', 'ALARM', 0));
    story.until(60);
    hold(undefined);
    expect(story.until(899).notices()).toEqual([]);
    expect(story.until(900).notices()).toEqual(['mute-ended to ops,oncall']);
  });

  test('25, 59 after it was told still has its end told', () => {
    const { story, hold } = newHeld(undefined);
    story.alarm(signal('website', 'ALARM', 0));
    hold(silence(3_600));
    story.until(60).alarm(signal('website', 'OK', 60));
    expect(story.notices()).toEqual(['first to ops,oncall', 'resolved to ops,oncall']);
  });

  test('when a reminder is due is told instead when that ends, once', () => {
    const { story, hold } = newHeld(undefined);
    story.alarm(signal('website', 'ALARM', 0));
    hold(silence(5 * 3_600));
    story.until(4 * 3_600 + 60);
    expect(story.notices()).toEqual(['first to ops,oncall']);
    hold(undefined);
    story.until(8 * 3_600);
    expect(story.notices()).toEqual(['first to ops,oncall', 'mute-ended to ops,oncall']);
  });

  test('when a member joins is told with it when that ends', () => {
    const { story, hold } = newHeld(undefined);
    story.alarm(signal('website', 'ALARM', 0));
    hold(silence(3_600));
    story.until(60).alarm(signal('website', 'ALARM', 60, '-2'));
    story.until(1_800);
    hold(undefined);
    expect(story.until(3_600).notices()).toEqual(['first to ops,oncall', 'mute-ended to ops,oncall']);
  });

  test.each([
    ['search', 'after the wait of its group', 90, 'first to ops'],
    ['website', 'at once where it is critical', 60, 'first to ops,oncall'],
  ])('of %s is told when a member joins that is not: %s', (id, _, seconds, notice) => {
    const { story, hold } = newHeld(silence(3_600));
    story.alarm(signal(id, 'ALARM', 0));
    story.until(60);
    expect(story.notices()).toEqual([]);
    hold(undefined);
    story.alarm(signal(id, 'ALARM', 60, '-2'));
    story.until(3_700);
    expect(story.notices()).toEqual([notice]);
    expect(story.events[0]!.at).toBe(start + seconds * 1_000);
  });

  test('after it was told, and joined by a member that is not, is told of that at once', () => {
    const { story, hold } = newHeld(undefined);
    story.alarm(signal('website', 'ALARM', 0));
    hold(silence(5 * 3_600));
    story.until(4 * 3_600 + 60);
    hold(undefined);
    story.alarm(signal('website', 'ALARM', 4 * 3_600 + 60, '-2'));
    expect(story.notices()).toEqual(['first to ops,oncall', 'new-alerts to ops,oncall']);
    expect(story.latest()).not.toHaveProperty('suppressed');
    expect(story.until(5 * 3_600 + 60).notices()).toHaveLength(2);
  });

  test('is acknowledged like any other, and told nevertheless when that ends', () => {
    const { story, hold } = newHeld(silence(600));
    story.alarm(signal('website', 'ALARM', 0));
    story.change({ type: 'acknowledge', actor: 'ann' });
    hold(undefined);
    expect(story.until(600).notices()).toEqual(['mute-ended to ops,oncall']);
  });
});

describe('a maintenance window that CloudWatch mutes as well (trap 7)', () => {
  const window: Suppression = {
    by: 'maintenance',
    id: 'deploy',
    text: 'maintenance deploy until 06:10',
    until: start + 3_600_000,
  };

  test('what reconcile finds in it is opened held back; its end and the late action of the alarm are one notice', () => {
    for (const first of ['the timer', 'the action'] as const) {
      const { story, hold } = newHeld(window);
      story.at(200).alarm({ ...signal('website', 'ALARM', 0), form: 'reconciled' });
      expect(story.notices()).toEqual([]);
      hold(undefined);
      if (first === 'the timer') story.until(3_600);
      const late = story.at(3_601).alarm(signal('website', 'ALARM', 0));
      expect(late.reason).toBe('not-newer');
      story.until(3_700);
      expect(story.notices()).toEqual(['mute-ended to ops,oncall']);
    }
  });

  test('what nobody found in it is opened by the late action, and told', () => {
    const { story } = newHeld(undefined);
    expect(story.at(3_601).alarm(signal('website', 'ALARM', 3_590)).reason).toBe('opened');
    expect(story.notices()).toEqual(['first to ops,oncall']);
  });
});
