import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Matcher } from '../../shared/routing/route.ts';
import { fitWithin, formatMatchers, matchersProblem, parseMatchers } from '../../shared/silences/matchers.ts';

const matcher = (label: string, operator: Matcher['operator'], value: string): Matcher => ({
  label,
  operator,
  values: [value],
});

describe('66 what matchers a silence may have', () => {
  test.each<[string, Matcher[], string | undefined]>([
    ['one label', [matcher('team', '=', 'platform')], undefined],
    ['a pattern', [matcher('env', '=~', 'prod|staging')], undefined],
    ['a UTF-8 label with spaces', [matcher('équipe “A”', '=', 'ä')], undefined],
    [
      'one that fits nothing, beside one that does',
      [matcher('team', '!=', 'x'), matcher('env', '=', 'production')],
      undefined,
    ],
    ['none', [], 'needs a matcher'],
    ['one that fits everything', [matcher('team', '=~', '.*')], 'silence everything'],
    ['one that fits an empty label alone', [matcher('team', '=', '')], 'silence everything'],
    [
      'two that both fit an empty label',
      [matcher('a', '!=', 'b'), matcher('c', '!~', 'd+')],
      'silence everything',
    ],
    ['an invalid pattern', [matcher('team', '=~', '(a')], 'no regular expression'],
    ['an escape that means nothing', [matcher('team', '=~', '\\_')], 'no regular expression'],
    ['a pattern that repeats what repeats', [matcher('team', '=~', '(a+)+b')], 'take it for ever'],
    ['a pattern with choices that are the same', [matcher('team', '=~', '(x|x)*y')], 'take it for ever'],
    ['a pattern with many wildcards', [matcher('team', '=~', '.*.*.*.*.*.*x')], 'take it for ever'],
    ['an empty label name', [matcher('', '=', 'x')], '1 to 200 characters'],
    ['a value that is too long', [matcher('team', '=', 'x'.repeat(1_001))], 'at most 1000 characters'],
    ['too many', Array.from({ length: 21 }, () => matcher('team', '=', 'x')), 'at most 20'],
  ])('%s', (_, matchers, problem) => {
    if (problem === undefined) expect(matchersProblem(matchers)).toBeUndefined();
    else expect(matchersProblem(matchers)).toContain(problem);
  });

  test('a pattern is about the whole value', () => {
    const fits = (pattern: string, env: string) => fitWithin([matcher('env', '=~', pattern)], { env });
    expect([
      fits('prod', 'production'),
      fits('prod.*', 'production'),
      fits('a|production', 'production'),
    ]).toEqual([false, true, true]);
  });

  test('a pattern that takes for ever after all holds nothing back', () => {
    expect(fitWithin([matcher('env', '=~', '(.*)*\\1x')], { env: 'a'.repeat(200) })).toBe(false);
  });
});

describe('reading matchers', () => {
  test.each<[string, Matcher[]]>([
    ['team=platform', [matcher('team', '=', 'platform')]],
    [
      '{team="platform", env=~"prod|stag.*"}',
      [matcher('team', '=', 'platform'), matcher('env', '=~', 'prod|stag.*')],
    ],
    ['a != b,c!~"d,e"', [matcher('a', '!=', 'b'), matcher('c', '!~', 'd,e')]],
    ['"équipe A"="say \\"hi\\"\\n"', [matcher('équipe A', '=', 'say "hi"\n')]],
    ['empty=""', [matcher('empty', '=', '')]],
    ['url=https://example.com/?a=b', [matcher('url', '=', 'https://example.com/?a=b')]],
    ['', []],
  ])('%s', (text, matchers) => {
    expect(parseMatchers(text)).toEqual(matchers);
  });

  test.each(['team', 'team platform', '="x"', 'team="x', 'team="x"y', 'a=b "c"'])(
    '%s is refused, with what to write',
    (text) => {
      expect(parseMatchers(text)).toEqual({
        problem: expect.stringMatching(/write team="platform"|double quotes/),
      });
    },
  );

  test('reads back what it wrote, whatever it says', () => {
    const any = fc.record({
      label: fc.string({ minLength: 1, unit: 'grapheme' }),
      operator: fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
      values: fc.tuple(fc.string({ unit: 'grapheme' })),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), (matchers) => {
        expect(parseMatchers(`{${formatMatchers(matchers)}}`)).toEqual(matchers);
      }),
    );
  });
});
