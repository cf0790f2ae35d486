import { describe, expect, test } from 'vitest';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { digestId, minuteOf, nextMinute, roomFor } from '../../shared/notifications/delivery/storm-guard.ts';
import {
  type DigestEntry,
  type Digested,
  digestEvent,
  digestOf,
} from '../../shared/notifications/digests/digest.ts';
import { parseEvent } from '../../shared/notifications/event.ts';
import { firing, resolved } from './events.ts';

const now = Date.UTC(2026, 10, 20, 3, 13);

const entry = (incident: string, type: DigestEntry['type'] = 'firing', at = now - 30_000): DigestEntry => ({
  incident,
  revision: type === 'firing' ? 1 : 2,
  type,
  at,
});

const incident = (id: string, more: Partial<Digested> = {}): Digested => ({
  id,
  title: `${id} is down`,
  severity: 'high',
  status: 'triggered',
  openedAt: now - 40_000,
  ...more,
});

const over = { status: 'resolved', resolvedAt: now - 1_000 } as const;

describe('a digest', () => {
  test('counts what began and ended by the events, and what is open by all that the channel was told of', () => {
    const entries = [
      entry('a'),
      entry('a', 'resolved'),
      entry('b'),
      entry('c', 'resolved'),
      entry('b', 'firing'),
    ];

    const digest = digestOf(entries, [incident('a', over), incident('b'), incident('c', over)], 7, now);

    expect(digest).toMatchObject({ from: now - 30_000, to: now, opened: 2, resolved: 2, open: 7 });
  });

  test('names the open ones first, of these the worst, of these the oldest', () => {
    const incidents = [
      incident('ended', { ...over, severity: 'critical' }),
      incident('warning', { severity: 'warning' }),
      incident('younger', { severity: 'critical', openedAt: now - 1 }),
      incident('older', { severity: 'critical', openedAt: now - 2 }),
    ];

    const { worst } = digestOf(
      incidents.map(({ id }) => entry(id)),
      incidents,
      3,
      now,
    );

    expect(worst.map(({ id }) => id)).toEqual(['older', 'younger', 'warning', 'ended']);
  });

  test('54 names twenty of a thousand, and counts all', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `i${index}`);

    const digest = digestOf(
      ids.map((id) => entry(id)),
      ids.map((id) => incident(id)),
      1_000,
      now,
    );

    expect(digest.worst).toHaveLength(20);
    expect(digest).toMatchObject({ opened: 1_000, open: 1_000 });
  });

  test.each([
    [{ opened: 12, resolved: 3, open: 9 }, '12 incidents began, 3 ended, 9 open', 'triggered'],
    [{ opened: 1, resolved: 0, open: 1 }, '1 incident began, 1 open', 'triggered'],
    [{ opened: 0, resolved: 40, open: 0 }, '40 incidents ended, none open', 'resolved'],
  ])('%j is an event of its own: %s', (counts, title, status) => {
    const digest = { from: now - 60_000, to: now, worst: [incident('a')], ...counts };

    const event = digestEvent(
      { channel: 'ops', due: now, reason: 'storm', announced: 1 },
      digest,
      'acme',
      {},
    );

    expect(event).toMatchObject({
      id: 'digest-ops-20261120T031300#1',
      type: 'digest',
      reason: 'storm',
      receivers: ['ops'],
      incident: { id: digestId('ops', now), title, status, severity: 'high', revision: 1 },
    });
    expect(parseEvent(JSON.stringify(event))).toEqual(event);
  });
});

describe('of the messages of a minute', () => {
  const of = (severity: 'info' | 'critical', event: IncidentEvent = firing()) => ({
    ...event,
    incident: { ...event.incident, severity },
  });

  test.each([
    ['a page may have all', of('critical'), 30],
    ['a test may have all', { ...of('info'), incident: { ...of('info').incident, test: true as const } }, 30],
    ['others have two thirds', of('info'), 20],
    ['the end of what was paged has two thirds', of('critical', resolved()), 20],
  ])('%s', (_, event, room) => {
    expect(roomFor(event, 30)).toBe(room);
  });

  test.each([1, 2])('a channel of %i a minute has them for all', (rate) => {
    expect(roomFor(of('info'), rate)).toBe(rate);
  });

  test('minutes are those of the clock', () => {
    expect(minuteOf(now + 59_999)).toBe(now);
    expect([nextMinute(now), nextMinute(now + 59_999)]).toEqual([now + 60_000, now + 60_000]);
  });
});
