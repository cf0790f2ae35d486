import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceMax, timeLabels, valueLabels } from '../../shared/console/axis.ts';

describe('the end of a response-time axis', () => {
  it.each([
    [0, 10],
    [87, 100],
    [100, 100],
    [101, 200],
    [430, 500],
    [3_200, 4_000],
  ])('for answers of at most %i ms is %i ms', (max, end) => {
    expect(niceMax(max, 2)).toBe(end);
  });

  it('has room for every answer and wastes little', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (max) => {
        const end = niceMax(max, 2);
        expect(end).toBeGreaterThanOrEqual(max);
        expect(end).toBeLessThanOrEqual(Math.max(max, 10) * 2);
      }),
    );
  });
});

it.each([
  [100, ['100 ms', '50 ms', '0']],
  [5_000, ['5 s', '2.5 s', '0']],
  [2_000, ['2 s', '1 s', '0']],
])('labels an axis to %i ms in one unit', (max, labels) => {
  expect(valueLabels(max, 2)).toEqual(labels);
});

it.each([
  [86_400_000, 4, ['24 h ago', '18 h ago', '12 h ago', '6 h ago', 'now']],
  [10_800_000, 4, ['3 h ago', '2 h 15 min ago', '1 h 30 min ago', '45 min ago', 'now']],
  [300_000, 2, ['5 min ago', '2 min 30 s ago', 'now']],
])('labels a time axis of %i ms', (span, steps, labels) => {
  expect(timeLabels(span, steps)).toEqual(labels);
});
