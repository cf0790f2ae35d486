import { expect, test } from 'vitest';
import { durationLiteral, parseDuration } from '../shared/duration.ts';

test.each([
  [0, '0ms'],
  [500, '500ms'],
  [1_500, '1500ms'],
  [90_000, '90s'],
  [60_000, '1m'],
  [14 * 86_400_000, '14d'],
])('%i ms is written %s, and reads back', (ms, literal) => {
  expect(durationLiteral(ms)).toBe(literal);
  expect(parseDuration(literal)).toBe(ms);
});
