import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Decision,
  decide,
  isLate,
  type Known,
  leaseMs,
  retryAt,
  retryBudgetMs,
  type Telling,
} from '../../shared/notifications/delivery/decide.ts';
import type { Delivery } from '../../shared/notifications/delivery/ledger.ts';

const now = Date.UTC(2026, 10, 20, 3, 12, 5);
const fresh = { sentAt: now - 100, receiveCount: 1 };
const again = { sentAt: now - 60_000, receiveCount: 4 };

const known = (delivery: Partial<Delivery>): Delivery => ({
  channel: 'ops',
  sentRevision: 0,
  newestRevision: 0,
  outcomes: {},
  version: 1,
  ...delivery,
});

/** The first revision fires, the others are ends of what was told. */
const telling = (revision: number, more: Partial<Telling> = {}): Telling => ({
  type: revision === 1 ? 'firing' : 'resolved',
  revision,
  before: revision - 1,
  ...more,
});

const sentOnce = known({ sentRevision: 1, newestRevision: 1, outcomes: { 1: { result: 'sent', at: now } } });

describe('an event for a channel', () => {
  const cases: [string, Delivery | undefined, number, typeof fresh, Decision][] = [
    ['is sent when it is the first', undefined, 1, fresh, { action: 'send' }],
    ['is sent when the one before it was', sentOnce, 2, fresh, { action: 'send' }],
    ['is a duplicate when it was sent', sentOnce, 1, again, { action: 'duplicate' }],
    [
      'is a duplicate when it was sent, whatever was sent since',
      known({ sentRevision: 2, newestRevision: 2, outcomes: { ...sentOnce.outcomes } }),
      1,
      fresh,
      { action: 'duplicate' },
    ],
    [
      '95 is superseded when a newer one was sent',
      known({ sentRevision: 2, newestRevision: 2 }),
      1,
      fresh,
      { action: 'superseded', by: 2 },
    ],
    [
      'is superseded when a newer one waits for another try',
      known({ newestRevision: 2, notBefore: now + 60_000 }),
      1,
      again,
      { action: 'superseded', by: 2 },
    ],
    [
      '87 is not announced when it comes back from the dead-letter queue after its end was told',
      known({
        sentRevision: 2,
        newestRevision: 2,
        outcomes: { 1: { result: 'failed', at: now - 86_400_000 } },
      }),
      1,
      fresh,
      { action: 'superseded', by: 2 },
    ],
    [
      'is sent when it comes back from the dead-letter queue and nothing newer was told',
      known({ newestRevision: 1, outcomes: { 1: { result: 'failed', at: now - 60_000 } } }),
      1,
      fresh,
      { action: 'send' },
    ],
    [
      'stays in the dead-letter queue while another channel of its message is waiting',
      known({ newestRevision: 1, outcomes: { 1: { result: 'failed', at: now - 1_000 } } }),
      1,
      again,
      { action: 'duplicate' },
    ],
    [
      'waits while an older one is in flight',
      known({ newestRevision: 1, leasedBy: 'x#4', leasedUntil: now + 60_000 }),
      2,
      fresh,
      { action: 'wait', until: now + 2_000 },
    ],
    [
      'waits while a copy of it is in flight, no longer than the lease',
      known({ newestRevision: 1, leasedBy: 'x#4', leasedUntil: now + 500 }),
      1,
      fresh,
      { action: 'wait', until: now + 500 },
    ],
    [
      'is sent again when whoever sent it crashed and the lease is over',
      known({ newestRevision: 1, leasedBy: 'x#4', leasedUntil: now }),
      1,
      again,
      { action: 'send' },
    ],
    [
      'waits in place of an older one as long as the provider asked for',
      known({ newestRevision: 1, notBefore: now + 3_600_000 }),
      2,
      fresh,
      { action: 'wait', until: now + 3_600_000, queue: true },
    ],
    [
      'does not wait for an older one that we saw, sent or not',
      known({ newestRevision: 1 }),
      2,
      fresh,
      { action: 'send' },
    ],
    [
      'waits as long as the provider asked for',
      known({ newestRevision: 1, notBefore: now + 3_600_000 }),
      1,
      again,
      { action: 'wait', until: now + 3_600_000 },
    ],
    [
      'waits for one that SNS may have overtaken',
      undefined,
      2,
      fresh,
      { action: 'wait', until: now + 5_000 },
    ],
    ['waits for it once', undefined, 2, { ...fresh, receiveCount: 2 }, { action: 'send' }],
    [
      'does not wait for it when it was long on its way',
      undefined,
      2,
      { sentAt: now - 15_000, receiveCount: 1 },
      { action: 'send' },
    ],
  ];

  test.each(cases)('%s', (_, delivery, revision, arrival, expected) => {
    expect(decide(telling(revision), { delivery, restUntil: 0 }, arrival, now)).toEqual(expected);
  });

  test('is never sent when it or a newer one was', () => {
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.nat(5),
        fc.nat(5),
        fc.integer({ min: 1, max: 3 }),
        (sent, ahead, revision, count) => {
          const delivery = known({ sentRevision: sent, newestRevision: sent + ahead, ...sentOutcome(sent) });

          const { action } = decide(
            telling(revision),
            { delivery, restUntil: 0 },
            { sentAt: now, receiveCount: count },
            now,
          );

          if (revision <= sent) expect(action).not.toBe('send');
        },
      ),
    );
  });

  const sentOutcome = (revision: number) => ({
    outcomes: { [revision]: { result: 'sent' as const, at: now } },
  });
});

describe('an event that is told with others', () => {
  const minute = Date.UTC(2026, 10, 20, 3, 13);
  const digested = (due: number, more: Partial<Delivery> = {}) =>
    known({
      newestRevision: 1,
      outcomes: { 1: { result: 'digested', at: now } },
      digested: { revision: 1, due },
      ...more,
    });
  const cases: [string, Telling, Partial<Known>, Decision][] = [
    [
      'does not wait for an older one that was never for this channel',
      telling(7, { before: 0 }),
      {},
      { action: 'send' },
    ],
    [
      'waits for the one before it that was, whatever came between for others',
      telling(7, { before: 3 }),
      { delivery: known({ newestRevision: 2 }) },
      { action: 'wait', until: now + 5_000 },
    ],
    [
      'is left to the digest that the channel asked for',
      telling(1, { daily: now + 3_600_000 }),
      {},
      { action: 'digest', due: now + 3_600_000 },
    ],
    [
      'is left to it even while the provider rests',
      telling(1, { daily: now + 3_600_000 }),
      { restUntil: now + 60_000 },
      { action: 'digest', due: now + 3_600_000 },
    ],
    [
      'as an end joins the digest in which its beginning waits',
      telling(2),
      { delivery: digested(minute) },
      { action: 'digest', due: minute },
    ],
    [
      'as an end joins it though it is due tomorrow',
      telling(2),
      { delivery: digested(now + 86_400_000) },
      { action: 'digest', due: now + 86_400_000 },
    ],
    [
      'as an end is in a digest as its beginning was, however long ago that is',
      telling(2),
      { delivery: digested(now - 86_400_000) },
      { action: 'digest', due: minute },
    ],
    [
      'as an end is told by itself when its beginning was told since',
      telling(3),
      { delivery: digested(minute, { newestRevision: 2, sentRevision: 2 }) },
      { action: 'send' },
    ],
    [
      'is told by itself when it is a page, whatever waits in a digest',
      telling(2, { type: 'firing' }),
      { delivery: digested(minute) },
      { action: 'send' },
    ],
    [
      'is a duplicate when it is in a digest',
      telling(1),
      { delivery: digested(minute) },
      { action: 'duplicate' },
    ],
    [
      'waits as long as the provider asked for because of another incident',
      telling(1),
      { restUntil: now + 60_000 },
      { action: 'wait', until: now + 60_000, queue: true },
    ],
    [
      '87 is not announced when it is late and over',
      telling(1),
      { current: { status: 'resolved', revision: 2 } },
      { action: 'superseded', by: 2 },
    ],
    [
      '87 is no end when it is late and fires again',
      telling(2),
      { delivery: known({ newestRevision: 1 }), current: { status: 'triggered', revision: 3 } },
      { action: 'superseded', by: 3 },
    ],
    [
      '87 is told when it is late and still true',
      telling(1),
      { current: { status: 'acknowledged', revision: 1 } },
      { action: 'send' },
    ],
  ];

  test.each(cases)('%s', (_, event, { delivery, restUntil = 0, current }, expected) => {
    expect(decide(event, { delivery, restUntil, current }, fresh, now)).toEqual(expected);
  });

  test.each([
    ['one that failed and came back', known({ outcomes: { 1: { result: 'failed', at: now } } }), now, true],
    ['one of a day ago, of which nothing is known', undefined, now - 86_400_000, true],
    ['one of just now', undefined, now - 1_000, false],
    ['one that was retried for hours in its queue', sentOnce, again.sentAt - 1_000, false],
  ])('%s is compared with the incident as it is, or not', (_, delivery, at, expected) => {
    expect(isLate(delivery, 1, at, again)).toBe(expected);
  });
});

test('a lease outlives the function, which may run for 60 s', () => {
  expect(leaseMs).toBeGreaterThan(60_000 + 10_000);
});

describe('after a failure', () => {
  test.each([
    ['1 to 2 s after the first', 1, 0, 1_000],
    ['1 to 2 s after the first', 1, 1, 2_000],
    ['twice as long after the second', 2, 0, 2_000],
    ['2.5 to 5 min at most', 20, 0, 150_000],
    ['2.5 to 5 min at most', 1_000, 1, 300_000],
  ])('it is tried again %s', (_, receiveCount, random, expected) => {
    expect(retryAt({ sentAt: now, receiveCount }, undefined, now, random)).toBe(now + expected);
  });

  test('the provider says when, if it does', () => {
    expect(retryAt({ sentAt: now, receiveCount: 9 }, 3_600_000, now, 1)).toBe(now + 3_600_000);
  });

  test('86 it is over after six hours, with a last try at their end', () => {
    const arrival = { sentAt: now, receiveCount: 90 };

    expect(retryAt(arrival, 86_400_000, now, 1)).toBe(now + retryBudgetMs);
    expect(retryAt(arrival, undefined, now + retryBudgetMs - 1, 1)).toBe(now + retryBudgetMs);
    expect(retryAt(arrival, undefined, now + retryBudgetMs, 1)).toBeUndefined();
  });
});
