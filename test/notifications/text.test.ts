import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escaped } from '../../shared/notifications/slack/escape.ts';
import { cut, lines, oneLine } from '../../shared/notifications/text.ts';

const length = (text: string) => [...text].length;

test('89 text is cut one past the limit and not at it', () => {
  expect(cut('x'.repeat(2_999), 3_000)).toHaveLength(2_999);
  expect(cut('x'.repeat(3_000), 3_000)).toBe('x'.repeat(3_000));
  expect(cut('x'.repeat(3_001), 3_000)).toBe(`${'x'.repeat(2_999)}…`);
});

test('90 a cut splits neither a surrogate pair nor an entity', () => {
  expect(cut('🔴🔴🔴', 2)).toBe('🔴…');
  expect(escaped('a&b', 6)).toBe('a…');
  expect(escaped('a&b', 7)).toBe('a&amp;b');
});

test('cut text is never longer than the limit, well-formed, and a prefix of what it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }), (text, limit) => {
      const result = cut(text, limit);

      expect(length(result)).toBeLessThanOrEqual(limit);
      expect(result.isWellFormed()).toBe(true);
      if (result !== text && limit > 0) expect(text.startsWith(result.slice(0, -1))).toBe(true);
    }),
  );
});

test('escaped text has no control character of Slack in it, and reads back as a prefix of what it was', () => {
  const nasty = fc.string({ unit: fc.constantFrom('&', '<', '>', '!', '@', 'a', '🔴', '`', '|') });
  fc.assert(
    fc.property(nasty, fc.integer({ min: 1, max: 60 }), (text, limit) => {
      const result = escaped(text, limit);
      const bare = result.replaceAll(/&(amp|lt|gt);/g, '');
      const read = result.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

      expect(length(result)).toBeLessThanOrEqual(limit);
      expect(bare).not.toMatch(/[&<>]/);
      expect(read === text || text.startsWith(read.slice(0, -1))).toBe(true);
    }),
  );
});

test.each([
  ['line ends', 'one\r\ntwo\nthree\u2028four', 'one two three four'],
  ['control characters', 'a\u0000b\u001bc', 'abc'],
  ['marks that turn the direction', 'a\u202eb\u2066c', 'abc'],
  ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
  ['tabs and runs of spaces', ' a \t  b ', 'a b'],
])('one line has no %s', (_, text, expected) => {
  expect(oneLine(text)).toBe(expected);
});

test('lines keep their ends, all of one kind', () => {
  expect(lines('a\r\nb\rc\nd')).toBe('a\nb\nc\nd');
});
