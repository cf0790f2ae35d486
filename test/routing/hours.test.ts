import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextDaily } from '../../shared/routing/daily.ts';
import { isActive, nextActive, spansOf } from '../../shared/routing/hours.ts';
import type { Hours } from '../../shared/routing/route.ts';

const everyDay = [0, 1, 2, 3, 4, 5, 6];
const workdays = [1, 2, 3, 4, 5];
const hour = 60;

const office: Hours = { zone: 'Europe/Madrid', times: [{ days: workdays, from: 9 * hour, to: 18 * hour }] };

const daily = (zone: string, from: number, to: number): Hours => ({
  zone,
  times: [{ days: everyDay, from, to }],
});

const at = (text: string) => Date.parse(text);
const iso = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString().replace(':00.000Z', 'Z');

describe('hours of a week', () => {
  test.each([
    ['2026-11-20T07:59:59.999Z', false, 'a moment before they begin'],
    ['2026-11-20T08:00:00Z', true, 'the start is inside'],
    ['2026-11-20T16:59:59.999Z', true, 'the last moment'],
    ['2026-11-20T17:00:00Z', false, 'the end is outside'],
    ['2026-11-21T10:00:00Z', false, 'a Saturday'],
    ['2026-07-01T07:00:00Z', true, 'in summer an hour earlier by UTC'],
    ['2026-07-01T06:59:00Z', false, 'and not before'],
  ])('71 at %s they are on: %s (%s)', (moment, active) => {
    expect(isActive(office, at(moment))).toBe(active);
  });

  test.each([
    ['2026-11-20T10:00:00Z', '2026-11-20T10:00Z', 'now'],
    ['2026-11-20T05:00:00Z', '2026-11-20T08:00Z', 'the same day'],
    ['2026-11-20T17:00:00Z', '2026-11-23T08:00Z', 'on Friday evening: on Monday'],
    ['2026-03-27T20:00:00Z', '2026-03-30T07:00Z', 'over the change of the clocks'],
  ])('after %s they are next on at %s (%s)', (moment, next) => {
    expect(iso(nextActive(office, at(moment)))).toBe(next);
  });

  test('71 up to 24:00 and from 00:00 on there is no gap', () => {
    const nights: Hours = {
      zone: 'Europe/Madrid',
      times: [
        { days: [5], from: 22 * hour, to: 24 * hour },
        { days: [6], from: 0, to: 6 * hour },
      ],
    };
    expect(isActive(nights, at('2026-11-20T22:59:59.999Z'))).toBe(true);
    expect(isActive(nights, at('2026-11-20T23:00:00Z'))).toBe(true);
    expect(isActive(nights, at('2026-11-21T05:00:00Z'))).toBe(false);
  });

  test('that there are none of are never on', () => {
    expect(nextActive({ zone: 'UTC', times: [] }, at('2026-11-20T10:00:00Z'))).toBeUndefined();
  });

  test.each<[string, Hours, string, string[]]>([
    [
      'left out in part',
      daily('Europe/Madrid', 90, 150),
      '2026-03-29',
      ['2026-03-29T00:30Z', '2026-03-29T01:00Z'],
    ],
    ['left out wholly', daily('Europe/Madrid', 120, 180), '2026-03-29', []],
    [
      'that come twice are once',
      daily('Europe/Madrid', 120, 150),
      '2026-10-25',
      ['2026-10-25T00:00Z', '2026-10-25T00:30Z'],
    ],
    [
      'around those that come twice',
      daily('Europe/Madrid', 60, 240),
      '2026-10-25',
      ['2026-10-24T23:00Z', '2026-10-25T03:00Z'],
    ],
    [
      'of the southern spring',
      daily('Australia/Sydney', 90, 240),
      '2026-10-04',
      ['2026-10-03T15:30Z', '2026-10-03T17:00Z'],
    ],
    [
      'of the southern autumn',
      daily('Australia/Sydney', 60, 240),
      '2026-04-05',
      ['2026-04-04T14:00Z', '2026-04-04T18:00Z'],
    ],
    [
      'of a leap of 30 minutes',
      daily('Australia/Lord_Howe', 120, 180),
      '2026-10-04',
      ['2026-10-03T15:30Z', '2026-10-03T16:00Z'],
    ],
    [
      'of a zone of 45 minutes',
      daily('Asia/Kathmandu', 540, 600),
      '2026-10-04',
      ['2026-10-04T03:15Z', '2026-10-04T04:15Z'],
    ],
    [
      'that begin with a midnight left out',
      daily('Africa/Cairo', 0, 120),
      '2026-04-24',
      ['2026-04-23T22:00Z', '2026-04-23T23:00Z'],
    ],
  ])('69 hours %s', (_, hours, date, expected) => {
    const noon = Date.parse(`${date}T12:00Z`);
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: hours.zone });
    const found = spansOf(hours, noon - 36 * 3_600_000, noon + 36 * 3_600_000).filter(
      ({ from }) => day.format(from) === date,
    );
    expect(found.flatMap(({ from, to }) => [iso(from), iso(to)])).toEqual(expected);
  });

  test('the next time they are on is the first, whatever the clocks do', () => {
    const minutes = fc.integer({ min: 0, max: 24 * 4 }).map((quarter) => quarter * 15);
    const time = fc.record({
      days: fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 1 }),
      from: minutes,
      to: minutes,
    });
    const zones = [
      'Europe/Madrid',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Asia/Kathmandu',
    ];
    const hours = fc.record({ zone: fc.constantFrom(...zones), times: fc.array(time, { maxLength: 3 }) });
    const around = fc.constantFrom(
      '2026-03-28',
      '2026-04-04',
      '2026-04-23',
      '2026-10-03',
      '2026-10-24',
      '2026-11-01',
    );
    fc.assert(
      fc.property(hours, around, fc.nat(8 * 24 * 4), (week, date, quarter) => {
        const start = Date.parse(date) + quarter * 900_000;
        const next = nextActive(week, start);
        const end = Math.min(next ?? Infinity, start + 2 * 86_400_000);
        for (let moment = start; moment < end; moment += 900_000) expect(isActive(week, moment)).toBe(false);
        if (next !== undefined) expect(isActive(week, next)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a time of every day', () => {
  const eight = { at: 8 * hour, zone: 'Europe/Madrid' };
  const halfPastTwo = { at: 150, zone: 'Europe/Madrid' };
  test.each([
    [eight, '2026-11-20T06:00:00Z', '2026-11-20T07:00Z', 'today'],
    [eight, '2026-11-20T07:00:00Z', '2026-11-21T07:00Z', 'at that very moment: tomorrow'],
    [eight, '2026-11-20T23:30:00Z', '2026-11-21T07:00Z', 'after midnight there'],
    [halfPastTwo, '2026-03-29T00:00:00Z', '2026-03-29T01:00Z', 'left out: when the clocks leap'],
    [halfPastTwo, '2026-03-29T01:00:00Z', '2026-03-30T00:30Z', 'and not again'],
    [halfPastTwo, '2026-10-25T00:00:00Z', '2026-10-25T00:30Z', 'twice: the first'],
    [halfPastTwo, '2026-10-25T00:30:00Z', '2026-10-26T01:30Z', 'and not again'],
    [{ at: 0, zone: 'Asia/Kolkata' }, '2026-11-20T18:00:00Z', '2026-11-20T18:30Z', '30 minutes'],
  ])('69 %j after %s is %s (%s)', (time, moment, next) => {
    expect(iso(nextDaily(time, at(moment)))).toBe(next);
  });
});
