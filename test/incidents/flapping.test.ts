import { expect, test } from 'vitest';
import { signal } from './signals.ts';
import { newStory } from './story.ts';

const minute = 60;

/** It fires at every full period and recovers a minute later, `times` times. */
function flap(times: number, period = 5 * minute) {
  const story = newStory();
  for (let n = 0; n < times; n++) {
    story.until(n * period).alarm(signal('website', 'ALARM', n * period));
    story.until(n * period + minute).alarm(signal('website', 'OK', n * period + minute));
  }
  return story;
}

const reasons = (story: ReturnType<typeof newStory>) => story.events.map(({ reason }) => reason);

test('an incident that is opened again for the fourth time within an hour is said to be flapping, once', () => {
  const story = flap(12);
  expect(reasons(story).slice(0, 8)).toEqual([
    'first',
    'resolved',
    'reopened',
    'resolved',
    'reopened',
    'resolved',
    'reopened',
    'resolved',
  ]);
  expect(reasons(story).slice(8)).toEqual(['flapping']);
  expect(story.latest()).toMatchObject({ flapping: true, status: 'resolved', reopened: 11 });
});

test('then the end it rests in is told, ten minutes later', () => {
  const story = flap(6);
  const end = 5 * 5 * minute + minute;
  story.until(end + 10 * minute - 1);
  expect(reasons(story).at(-1)).toBe('flapping');
  story.until(end + 10 * minute);
  expect(story.events.at(-1)).toMatchObject({
    type: 'resolved',
    reason: 'resolved',
    receivers: ['ops', 'oncall'],
  });
  expect(story.latest()).not.toHaveProperty('flapping');
  expect(reasons(story.until(24 * 3_600))).toHaveLength(10);
});

test('or that it fires, and then it is repeated as ever', () => {
  const story = flap(6);
  const again = 6 * 5 * minute;
  story.until(again).alarm(signal('website', 'ALARM', again));
  story.until(again + 10 * minute);
  expect(reasons(story).slice(8)).toEqual(['flapping', 'reopened']);
  story.until(again + 10 * minute + 4 * 3_600);
  expect(reasons(story).at(-1)).toBe('repeat');
});

test('a person who resolves it ends that: the end is told at once', () => {
  const story = flap(5);
  story.until(26 * minute).alarm(signal('website', 'ALARM', 26 * minute));
  story.until(27 * minute).change({ type: 'resolve', actor: 'ann' });
  expect(reasons(story).at(-1)).toBe('resolved');
  expect(story.latest()).not.toHaveProperty('flapping');
});

test('what comes and goes more slowly is not flapping', () => {
  const story = newStory();
  for (let n = 0; n < 8; n++) {
    const at = n * 21 * minute;
    story.until(at).alarm(signal('website', 'ALARM', at));
    story.until(at + 20 * minute).alarm(signal('website', 'OK', at + 20 * minute));
  }
  expect(reasons(story)).not.toContain('flapping');
});
