import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Matcher } from '../../shared/routing/route.ts';
import { edited, expired, type Silence, silenceState, type Wanted } from '../../shared/silences/silence.ts';

const now = Date.UTC(2026, 10, 20, 12);
const hour = 3_600_000;

const team: Matcher = { label: 'team', operator: '=', values: ['platform'] };
const env: Matcher = { label: 'env', operator: '=', values: ['production'] };

const active: Silence = {
  id: 'old',
  matchers: [team, env],
  startsAt: now - hour,
  endsAt: now + hour,
  by: 'ana',
  comment: 'deploy',
  updatedAt: now - hour,
};
const pending: Silence = { ...active, startsAt: now + hour, endsAt: now + 2 * hour };
const over: Silence = { ...active, endsAt: now };

const wanted = ({ id, updatedAt, ...silence }: Silence, more: Partial<Wanted> = {}): Wanted => ({
  ...silence,
  ...more,
});

describe('64 a silence is pending, active and expired', () => {
  test.each([
    [now - hour - 1, 'pending'],
    [now - hour, 'active'],
    [now + hour - 1, 'active'],
    [now + hour, 'expired'],
  ])('at %i it is %s', (at, state) => {
    expect(silenceState(active, at)).toBe(state);
  });
});

describe('65 an edit', () => {
  const edit = (before: Silence, more: Partial<Wanted>) => edited(before, wanted(before, more), 'new', now);

  test.each<[string, Silence, Partial<Wanted>]>([
    ['an active silence whose end moves', active, { endsAt: now + 5 * hour }],
    ['one whose end is now', active, { endsAt: now }],
    [
      'one whose matchers are the same in another order',
      active,
      { matchers: [env, team], comment: 'longer' },
    ],
    [
      'one whose start is told to the second',
      active,
      { startsAt: active.startsAt - (active.startsAt % 1_000) },
    ],
    ['a pending silence that begins at another time', pending, { startsAt: now }],
  ])('keeps the id of %s', (_, before, more) => {
    const [silence, ...others] = edit(before, more);
    expect(silence).toMatchObject({ id: 'old', updatedAt: now, endsAt: more.endsAt ?? before.endsAt });
    expect(others).toEqual([]);
  });

  test.each<[string, Silence, Partial<Wanted>]>([
    ['an active silence with other matchers', active, { matchers: [team] }],
    ['an active silence that is to begin at another time', active, { startsAt: now - 2 * hour }],
    ['a pending silence with other matchers', pending, { matchers: [env] }],
    ['a pending silence that is to have begun already', pending, { startsAt: now - hour }],
  ])('makes another one of %s, and ends it', (_, before, more) => {
    const [made, ended] = edit(before, more);
    expect(made).toMatchObject({
      id: 'new',
      startsAt: Math.max(now, more.startsAt ?? before.startsAt),
      updatedAt: now,
    });
    expect(ended).toEqual(expired(before, now));
  });

  test('makes another one of an expired silence, and leaves that as it is', () => {
    expect(edit(over, { endsAt: now + hour })).toEqual([
      { ...over, id: 'new', startsAt: now, endsAt: now + hour, updatedAt: now },
    ]);
  });

  test('a new silence that is to have begun already begins now', () => {
    expect(edited(undefined, wanted(active), 'new', now)).toEqual([
      { ...active, id: 'new', startsAt: now, updatedAt: now },
    ]);
  });
});

describe('expiring', () => {
  test('ends an active silence now, and one that is pending never was', () => {
    expect(expired(active, now)).toEqual({ ...active, endsAt: now, updatedAt: now });
    expect(expired(pending, now)).toEqual({ ...pending, startsAt: now, endsAt: now, updatedAt: now });
  });

  test('a second time changes nothing', () => {
    expect(expired(expired(active, now), now + 1)).toEqual(expired(active, now));
  });
});

test('no edit changes what was: who was held back before now, by which matchers, stays so', () => {
  const time = fc.integer({ min: now - 3 * hour, max: now + 3 * hour });
  const matchers = fc.constantFrom<Matcher[]>([team], [env], [team, env]);
  const made = fc.record({ from: time, length: fc.integer({ min: 1, max: 3 * hour }), matchers });
  fc.assert(
    fc.property(made, made, fc.integer({ min: now - 3 * hour, max: now - 1 }), (one, other, past) => {
      const before: Silence = {
        ...active,
        matchers: one.matchers,
        startsAt: one.from,
        endsAt: one.from + one.length,
      };
      const wish = wanted(active, {
        matchers: other.matchers,
        startsAt: other.from,
        endsAt: Math.max(now, other.from) + other.length,
      });
      const after = edited(before, wish, 'new', now);
      const kept = after.find(({ id }) => id === 'old') ?? before;
      const heldBack = (silence: Silence) => silenceState(silence, past) === 'active' && silence.matchers;
      expect(heldBack(kept)).toEqual(heldBack(before));
      expect(
        after.filter(({ id }) => id === 'new').map((silence) => silenceState(silence, past)),
      ).not.toContain('active');
      expect(after[0]!.matchers).toEqual(other.matchers);
      expect(after.filter((silence) => silenceState(silence, now) === 'active').length).toBeLessThanOrEqual(
        1,
      );
    }),
  );
});
