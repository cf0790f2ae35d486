import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayMs,
  emptyBucket,
  foldDay,
  foldHour,
  hourMs,
  judgeSlot,
  sumBuckets,
} from '../../shared/history/fold.ts';
import type { SlotItem, SlotResult } from '../../shared/history/history.ts';
import { uptimeOf } from '../../shared/history/uptime.ts';
import type { Outcome } from '../../shared/monitors/observation.ts';

const hour = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;
const web = [{ id: 'web', quorum: 1 }];

const slot = (
  offset: number,
  outcome: SlotResult[0],
  answered: number | null = 20,
  every = minute,
): SlotItem => ({
  slot: hour + offset,
  every,
  results: { web: [outcome, answered] },
});

describe('the verdict of the locations on a slot', () => {
  it.each<[SlotResult[0][], number, SlotResult[0]]>([
    [['paused', 'paused'], 1, 'paused'],
    [['paused', 'down'], 1, 'down'],
    [['paused', 'unknown'], 1, 'unknown'],
    [['maintenance', 'maintenance'], 1, 'maintenance'],
    [['maintenance', 'down'], 1, 'maintenance'],
    [['up'], 1, 'up'],
    [['down'], 1, 'down'],
    [['up', 'up', 'down'], 2, 'up'],
    [['up', 'down', 'down'], 2, 'down'],
    [['unknown', 'unknown', 'unknown'], 2, 'unknown'],
    [['down', 'unknown', 'unknown'], 2, 'unknown'],
    [['unknown', 'up'], 1, 'up'],
    [['degraded', 'up'], 1, 'degraded'],
    [['degraded', 'down'], 1, 'down'],
  ])('of %s with a quorum of %i is %s', (outcomes, quorum, verdict) => {
    expect(
      judgeSlot(
        outcomes.map((outcome) => [outcome, null]),
        quorum,
      ),
    ).toBe(verdict);
  });
});

describe('an hour', () => {
  it('gives every slot the time until the next, in the 5 minutes it lies in', () => {
    const slots = Array.from({ length: 60 }, (_, n) => slot(n * minute, n >= 10 && n < 13 ? 'down' : 'up'));

    const { web: buckets } = foldHour('60s-0', hour, web, slots, hour + hourMs).monitors;

    expect(buckets).toHaveLength(12);
    expect(buckets![0]).toEqual({
      ...emptyBucket(),
      up: 5 * minute,
      answers: 5,
      responseSum: 100,
      responseMax: 20,
    });
    expect(buckets![2]).toMatchObject({ up: 2 * minute, down: 3 * minute });
  });

  it('counts nothing after now, and a slot of the hour before only for its part in this one', () => {
    const slots = [slot(-5 * minute, 'down', null, 10 * minute), slot(5 * minute, 'up', 30, 10 * minute)];

    const { web: buckets } = foldHour('600s-0', hour, web, slots, hour + 7 * minute).monitors;

    expect(buckets![0]).toMatchObject({ down: 5 * minute, up: 0, answers: 0 });
    expect(buckets![1]).toMatchObject({ up: 2 * minute, answers: 1 });
    expect(sumBuckets(buckets!)).toMatchObject({ up: 2 * minute, down: 5 * minute });
  });

  it('judges a slot once, however many locations saw it', () => {
    const slots = [slot(0, 'down', null), slot(0, 'up', 10), slot(0, 'up', 30)];

    const { web: buckets } = foldHour(
      '60s-0',
      hour,
      [{ id: 'web', quorum: 2 }],
      slots,
      hour + hourMs,
    ).monitors;

    expect(buckets![0]).toEqual({
      ...emptyBucket(),
      up: minute,
      answers: 2,
      responseSum: 40,
      responseMax: 30,
    });
  });

  it('is the same whatever order the slots come in, and never holds more than an hour', () => {
    const outcomes = fc.constantFrom<Outcome>('up', 'degraded', 'down', 'unknown');
    const slots = fc.array(fc.tuple(fc.integer({ min: -30, max: 90 }), outcomes), { maxLength: 200 });
    fc.assert(
      fc.property(slots, fc.integer({ min: 0, max: 2 * hourMs }), (drawn, elapsed) => {
        const unique = [...new Map(drawn).entries()].map(([n, outcome]) => slot(n * minute, outcome));
        const fold = (items: SlotItem[]) => foldHour('60s-0', hour, web, items, hour + elapsed);

        expect(fold(unique.toReversed())).toEqual(fold(unique));
        const { up, degraded, down, unknown } = sumBuckets(fold(unique).monitors.web!);
        expect(up + degraded + down + unknown).toBeLessThanOrEqual(Math.min(hourMs, elapsed));
      }),
    );
  });
});

describe('a day', () => {
  it('has one bucket an hour with the sums of the hour, and leaves hours without data empty', () => {
    const day = Math.floor(hour / dayMs) * dayMs;
    const noon = foldHour('60s-0', hour, web, [slot(0, 'up'), slot(minute, 'down', null)], hour + hourMs);

    const { web: buckets } = foldDay('60s-0', day, [noon]).monitors;

    expect(buckets).toHaveLength(24);
    expect(buckets![12]).toMatchObject({ up: minute, down: minute, answers: 1 });
    expect(buckets!.filter((_, n) => n !== 12).every((bucket) => bucket.up === 0 && bucket.down === 0)).toBe(
      true,
    );
  });
});

it('counts the time of a pause as that alone, and no answer in it', () => {
  const slots = Array.from({ length: 60 }, (_, n) =>
    n < 30 ? slot(n * minute, 'up') : slot(n * minute, 'paused', null),
  );
  const { web: buckets } = foldHour('60s-0', hour, web, slots, hour + hourMs).monitors;
  expect(sumBuckets(buckets!)).toMatchObject({
    up: 30 * minute,
    paused: 30 * minute,
    unknown: 0,
    answers: 30,
  });
});

it('74 counts the time of a maintenance window as that alone, also where a location did not hear of it in time', () => {
  const slots = Array.from({ length: 60 }, (_, n) => [
    slot(n * minute, n < 45 ? 'up' : 'down'),
    slot(n * minute, n < 45 ? 'up' : 'maintenance', n < 45 ? 20 : null),
  ]).flat();
  const { web: buckets } = foldHour('60s-0', hour, web, slots, hour + hourMs).monitors;
  const sum = sumBuckets(buckets!);
  expect(sum).toMatchObject({ up: 45 * minute, down: 0, maintenance: 15 * minute });
  expect(uptimeOf([sum], hourMs)).toEqual({ uptime: '100.000', coverage: '100.0', downMs: 0 });
});

describe('uptime', () => {
  const bucket = (values: Partial<ReturnType<typeof emptyBucket>>) => ({ ...emptyBucket(), ...values });

  it.each([
    ['no data', [], '—', '0.0'],
    ['only unknown time', [bucket({ unknown: hourMs })], '—', '0.0'],
    ['an hour up', [bucket({ up: hourMs })], '100.000', '100.0'],
    ['degraded counts as up', [bucket({ degraded: hourMs })], '100.000', '100.0'],
    ['half the hour known', [bucket({ up: hourMs / 2, unknown: hourMs / 2 })], '100.000', '50.0'],
    ['down all the time', [bucket({ down: hourMs })], '0.000', '100.0'],
    ['half the hour paused', [bucket({ up: hourMs / 2, paused: hourMs / 2 })], '100.000', '100.0'],
    ['half of what was not paused', [bucket({ up: hourMs / 4, paused: hourMs / 2 })], '100.000', '50.0'],
    ['nothing but a pause', [bucket({ paused: hourMs })], '—', '—'],
    [
      'half the hour in maintenance',
      [bucket({ up: hourMs / 4, maintenance: hourMs / 2 })],
      '100.000',
      '50.0',
    ],
    ['nothing but maintenance', [bucket({ maintenance: hourMs })], '—', '—'],
    ['a third down', [bucket({ up: 2_400_000, down: 1_200_000 })], '66.666', '100.0'],
  ])('of %s', (_, buckets, uptime, coverage) => {
    expect(uptimeOf(buckets, hourMs)).toMatchObject({ uptime, coverage });
  });

  it('of a year with one failed check of ten seconds is not 100', () => {
    const year = 365 * dayMs;
    expect(uptimeOf([bucket({ up: year - 10_000, down: 10_000 })], year).uptime).toBe('99.999');
  });

  it('lies between 0 and 100 and prints 100.000 only without any downtime', () => {
    const ms = fc.integer({ min: 0, max: 365 * dayMs });
    fc.assert(
      fc.property(ms, ms, ms, ms, (up, degraded, down, unknown) => {
        const { uptime } = uptimeOf([bucket({ up, degraded, down, unknown })], 365 * dayMs);
        fc.pre(uptime !== '—');
        expect(Number(uptime)).toBeGreaterThanOrEqual(0);
        expect(uptime === '100.000').toBe(down === 0);
      }),
    );
  });
});
