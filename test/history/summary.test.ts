import { describe, expect, it } from 'vitest';
import type { NowEntry, NowItem } from '../../shared/history/history.ts';
import { byUrgency, summarize } from '../../shared/history/summary.ts';
import type { Outcome } from '../../shared/monitors/observation.ts';
import { monitor } from '../api/fixtures.ts';

const now = Date.UTC(2026, 10, 20, 5);

/** The present of one location whose newest slot is `age` old. */
function seen(location: string, outcome: Outcome, more: Partial<NowEntry> = {}, age = 10_000): NowItem {
  const slot = now - age;
  const entry: NowEntry = { outcome, since: slot, recent: [[slot, outcome, 80]], ...more };
  return { location, shard: '10s-0', every: 10_000, slot, monitors: { website: entry } };
}

const website = monitor('website', { quorum: 2, locations: ['a', 'b', 'c'] });

describe('the state of a monitor', () => {
  it.each<[string, Outcome[], Outcome]>([
    ['all locations are up', ['up', 'up', 'up'], 'up'],
    ['fewer than the quorum see it down', ['up', 'down', 'up'], 'up'],
    ['the quorum sees it down', ['up', 'down', 'down'], 'down'],
    ['nobody knows', ['unknown', 'unknown', 'unknown'], 'unknown'],
    ['one location sees it degraded', ['up', 'degraded', 'unknown'], 'degraded'],
  ])('is what the locations agree on: %s', (_, outcomes, state) => {
    const items = outcomes.map((outcome, n) => seen('abc'[n]!, outcome));
    expect(summarize(website, items, now).state).toBe(state);
  });

  it.each<[string, Outcome, Outcome, number, Outcome, number]>([
    ['counts while the regular location fails', 'down', 'down', 0, 'down', 2],
    ['counts until it is asked for the next slot', 'down', 'down', 10_000, 'down', 2],
    ['may say that all is well elsewhere', 'down', 'up', 0, 'up', 2],
    ['is over a slot later', 'down', 'down', 20_000, 'unknown', 1],
    ['is over when the regular location is well', 'up', 'down', 0, 'up', 1],
  ])('what a location that was asked says %s', (_, regular, asked, age, state, shown) => {
    const item = { ...seen('b', asked, {}, 10_000 + age), shard: 'confirm-a-10s-0' };
    const summary = summarize(website, [seen('a', regular), item], now);
    expect([summary.state, summary.locations.length]).toEqual([state, shown]);
  });

  it('is unknown before the first check', () => {
    expect(summarize(website, [], now)).toEqual({ monitor: website, state: 'unknown', locations: [] });
  });

  it('is paused where the config switches the monitor off, whatever was last seen', () => {
    const paused = { ...website, enabled: false };
    expect(summarize(paused, [seen('a', 'down'), seen('b', 'down')], now).state).toBe('paused');
  });

  it('is what is seen of it in a maintenance window as well, which is said beside it', () => {
    const window = { id: 'move', monitors: ['website'], from: now - 60_000, to: now + 60_000, by: 'ana' };
    const summary = summarize(website, [seen('a', 'down'), seen('b', 'down')], now, [], [window]);
    expect(summary).toMatchObject({ state: 'down', maintenance: { id: 'move', to: window.to } });
    expect(summarize(website, [seen('a', 'up')], now, [], [{ ...window, to: now }])).not.toHaveProperty(
      'maintenance',
    );
  });

  it('is unknown when observations stop coming, since the slot that is missing', () => {
    const summary = summarize(monitor('website'), [seen('a', 'up', {}, 60_000)], now);
    expect(summary).toMatchObject({ state: 'unknown', since: now - 50_000, message: 'no observation since' });
    expect(summary.responseTime).toBeUndefined();
  });

  it('stays known while the next observation may still be on its way', () => {
    expect(summarize(monitor('website'), [seen('a', 'up', {}, 50_000)], now).state).toBe('up');
  });

  it('began when the last of the agreeing locations joined', () => {
    const items = [
      seen('a', 'down', { since: now - 50_000 }),
      seen('b', 'down', { since: now - 30_000 }),
      seen('c', 'up'),
    ];
    expect(summarize(website, items, now).since).toBe(now - 30_000);
  });

  it('tells the message of a location that sees what is the matter, and none when all is well', () => {
    const down = [
      seen('a', 'up', { message: 'fine' }),
      seen('b', 'down', { message: 'refused' }),
      seen('c', 'down'),
    ];
    expect(summarize(website, down, now).message).toBe('refused');
    expect(summarize(website, [seen('a', 'up', { message: 'fine' })], now).message).toBeUndefined();
  });

  it('shows the slowest answer and the certificate that ends first', () => {
    const items = [
      seen('a', 'up', { responseTime: 90, certificateDaysLeft: 30 }),
      seen('b', 'up', { responseTime: 140, certificateDaysLeft: 12 }),
    ];
    expect(summarize(website, items, now)).toMatchObject({ responseTime: 140, certificateDaysLeft: 12 });
  });
});

it('puts failing monitors first and leaves the others in the order of the config', () => {
  const states = [
    ['a', 'up'],
    ['b', 'down'],
    ['c', 'unknown'],
    ['d', 'degraded'],
    ['e', 'up'],
  ] as const;
  const summaries = states.map(([id, state]) => ({ monitor: monitor(id), state, locations: [] }));
  expect(summaries.toSorted(byUrgency).map((summary) => summary.monitor.id)).toEqual([
    'b',
    'd',
    'c',
    'a',
    'e',
  ]);
});
