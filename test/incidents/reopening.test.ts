import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { routeTo } from '../support/routes.ts';
import { config, signal, start } from './signals.ts';
import { newStory } from './story.ts';

const fires = (seconds: number) => signal('website', 'ALARM', seconds);
const recovers = (seconds: number) => signal('website', 'OK', seconds);
const window = config.reopenWithin / 1_000;

describe('an alarm that fires again after the end of its incident', () => {
  test.each([
    ['a second before the window ends', window - 1, 'reopened'],
    ['at its end', window, 'reopened'],
    ['a second after', window + 1, 'opened'],
  ])('37 %s', (_, seconds, reason) => {
    const story = newStory();
    story.alarm(fires(0));
    story.until(60).alarm(recovers(60));
    const first = story.latest().id;
    expect(story.until(60 + seconds).alarm(fires(60 + seconds)).reason).toBe(reason);
    expect(story.latest().id === first).toBe(reason === 'reopened');
  });

  test('50 soon is the same incident, told as such, and its end as well', () => {
    const story = newStory();
    story.alarm(fires(0));
    story.until(60).alarm(recovers(60));
    story.until(90).alarm(fires(90));
    expect(story.latest()).toMatchObject({
      status: 'triggered',
      openedAt: start,
      reopened: 1,
      reopenedAt: start + 90_000,
      firing: 1,
      alerts: 2,
    });
    expect(story.latest()).not.toHaveProperty('resolvedAt');
    story.until(120).alarm(recovers(120));
    expect(story.notices()).toEqual([
      'first to ops,oncall',
      'resolved to ops,oncall',
      'reopened to ops,oncall',
      'resolved to ops,oncall',
    ]);
    expect(story.events.map(({ before }) => before!.ops)).toEqual([0, 1, 2, 3]);
  });

  test('and is not critical waits for its group again: a blip tells nobody', () => {
    const story = newStory();
    story.alarm(signal('search', 'ALARM', 0));
    story.until(60).alarm(signal('search', 'OK', 60));
    story.until(90).alarm(signal('search', 'ALARM', 90));
    story.until(100).alarm(signal('search', 'OK', 100));
    expect(story.until(3_600).notices()).toEqual(['first to ops', 'resolved to ops']);
    expect(story.latest()).toMatchObject({ status: 'resolved', reopened: 1 });
  });

  test('is told as the first where nobody heard of it the first time', () => {
    const story = newStory();
    story.alarm(signal('search', 'ALARM', 0));
    story.until(20).alarm(signal('search', 'OK', 20));
    story.until(60).alarm(signal('search', 'ALARM', 60));
    expect(story.until(90).notices()).toEqual(['first to ops']);
  });

  test('needs an acknowledgement of its own', () => {
    const story = newStory();
    story.alarm(fires(0));
    story.until(10).change({ type: 'acknowledge', actor: 'ann' });
    story.until(60).alarm(recovers(60));
    story.until(90).alarm(fires(90));
    expect(story.latest()).toMatchObject({ status: 'triggered', firstAcknowledgedAt: start + 10_000 });
    expect(story.latest()).not.toHaveProperty('acknowledgedAt');
  });

  test('of another group member is the same incident, about what fires now', () => {
    const grouped: Config = { ...config, routes: [routeTo(['ops'], {}, { groupBy: ['team'] })] };
    const story = newStory(grouped);
    story.alarm(fires(0));
    story.until(60).alarm(recovers(60));
    story.until(90).alarm(signal('search', 'ALARM', 90));
    expect(story.latest()).toMatchObject({ reopened: 1, title: 'search is down', subject: { id: 'search' } });
  });

  test('is another one where either was a test', () => {
    const story = newStory();
    story.alarm({ ...fires(0), test: true });
    story.until(10).alarm(recovers(10));
    expect(story.until(20).alarm(fires(20)).reason).toBe('opened');
    story.until(30).alarm(recovers(30));
    expect(story.until(40).alarm({ ...fires(40), test: true }).reason).toBe('opened');
  });
});

describe('36 a person who resolves while it fires', () => {
  const resolved = () => {
    const story = newStory();
    story.alarm(fires(0));
    story.until(60).change({ type: 'resolve', actor: 'ann' });
    return story;
  };

  test('is not contradicted by the same firing period', () => {
    const story = resolved();
    expect(story.alarm(fires(0)).reason).toBe('not-newer');
    expect(story.until(3_600).latest().status).toBe('resolved');
  });

  test('is, when it fires anew: without a recovery in between the alarm counts once', () => {
    const story = resolved();
    expect(story.until(120).alarm(fires(120)).reason).toBe('reopened');
    expect(story.latest()).toMatchObject({ firing: 1, alerts: 1 });
    story.until(130).alarm(recovers(130));
    expect(story.latest()).toMatchObject({ status: 'resolved', firing: 0, resolvedBy: 'recovered' });
  });
});

describe('a person who reopens', () => {
  test('opens what is resolved again, says why, and it is told', () => {
    const story = newStory();
    story.alarm(fires(0));
    story.until(60).change({ type: 'resolve', actor: 'ann' });
    story.until(90).change({ type: 'reopen', actor: 'bob', text: 'still broken' });
    expect(story.latest()).toMatchObject({ status: 'triggered', reopened: 1, firing: 1 });
    expect(story.events.at(-1)).toMatchObject({ reason: 'reopened', actor: 'bob', text: 'still broken' });
    story.until(120).alarm(recovers(120));
    expect(story.latest().status).toBe('resolved');
  });

  test('35 what is open changes nothing', () => {
    const story = newStory();
    story.alarm(fires(0));
    expect(story.change({ type: 'reopen', actor: 'ann' })).toMatchObject({
      reason: 'already-open',
      effects: [],
    });
  });

  test('cannot where a later incident of the group has begun', () => {
    const story = newStory();
    story.alarm(fires(0));
    const first = story.latest().id;
    story.until(60).alarm(recovers(60));
    story.until(1_000).alarm(fires(1_000));
    expect(story.change({ type: 'reopen', actor: 'ann' }, first).reason).toBe('newer-incident');
  });
});
