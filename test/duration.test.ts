import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, unitMs } from '../shared/duration.ts';

describe('a duration literal', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1m', 60_000],
    ['1.5h', 5_400_000],
    ['14d', 1_209_600_000],
    [' 2s ', 2_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '5', 's', '10 s', '-1s', '1w', '1e3s', '0x5s', '١s', '10s5m'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('reads back what a number and a unit say', () => {
    const units = Object.keys(unitMs) as (keyof typeof unitMs)[];
    fc.assert(
      fc.property(fc.nat(100_000), fc.constantFrom(...units), (amount, unit) => {
        expect(parseDuration(`${amount}${unit}`)).toBe(amount * unitMs[unit]);
      }),
    );
  });
});

describe('a duration for people', () => {
  it.each([
    [-5, '0 s'],
    [0, '0 s'],
    [42, '42 ms'],
    [999.6, '1 s'],
    [14_000, '14 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [7_201_000, '2 h'],
    [100_800_000, '1 d 4 h'],
  ])('of %d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
