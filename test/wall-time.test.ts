import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isZone, momentOf, wallTimeAt } from '../shared/wall-time.ts';

const wall = (text: string) => Date.parse(`${text}Z`);
const iso = (at: number) => new Date(at).toISOString().replace(':00.000Z', 'Z');

describe('the moment of a wall time', () => {
  test.each([
    ['Europe/Madrid', '2026-07-01T09:00', '2026-07-01T07:00Z', 'in summer'],
    ['Europe/Madrid', '2026-03-29T02:30', '2026-03-29T01:00Z', 'left out: when the clocks leap'],
    ['Europe/Madrid', '2026-10-25T02:30', '2026-10-25T00:30Z', 'shown twice: the first'],
    ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00Z', 'left out'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30Z', 'shown twice'],
    ['Australia/Sydney', '2026-10-04T02:30', '2026-10-03T16:00Z', 'left out in the southern spring'],
    ['Australia/Sydney', '2026-04-05T02:30', '2026-04-04T15:30Z', 'shown twice in the southern autumn'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30Z', 'half an hour is left out'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45Z', 'half an hour comes twice'],
    ['Asia/Kathmandu', '2026-01-01T00:00', '2025-12-31T18:15Z', '5 h 45 min ahead'],
    ['Asia/Kolkata', '2026-01-01T00:00', '2025-12-31T18:30Z', '5 h 30 min ahead, the same all year'],
    ['America/St_Johns', '2026-01-01T00:00', '2026-01-01T03:30Z', '3 h 30 min behind'],
    ['Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00Z', 'a midnight that is left out'],
    ['America/Havana', '2026-11-01T00:30', '2026-11-01T04:30Z', 'a midnight that comes twice'],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00Z', 'a whole day that is left out'],
    ['UTC', '2026-02-28T23:59', '2026-02-28T23:59Z', 'as it is'],
  ])('69 in %s %s is %s (%s)', (zone, shown, at) => {
    expect(iso(momentOf(zone, wall(shown)))).toBe(at);
  });

  test('is one at which the clocks show it, or one at which they have just leapt over it', () => {
    const zones = [
      'Europe/Madrid',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    ];
    const years = fc.integer({ min: wall('2000-01-01'), max: wall('2037-12-31') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), years, (zone, time) => {
        const at = momentOf(zone, time);
        expect(wallTimeAt(zone, at)).toBeGreaterThanOrEqual(time);
        expect(wallTimeAt(zone, at - 1)).toBeLessThan(time);
      }),
    );
  });
});

test.each([
  ['Europe/Madrid', true],
  ['US/Eastern', true],
  ['Mars/Olympus', false],
  ['', false],
])('69 whether %j is a zone: %s', (zone, known) => {
  expect(isZone(zone)).toBe(known);
});
