import { describe, expect, test } from 'vitest';
import { fits, matchText } from '../../shared/routing/matcher.ts';
import type { Matcher } from '../../shared/routing/route.ts';

const matcher = (label: string, operator: Matcher['operator'], ...values: string[]): Matcher => ({
  label,
  operator,
  values,
});

describe('66 a matcher', () => {
  const labels = { team: 'web', monitor: 'web-shop', größe: 'klein', quote: 'a "b"\nc' };
  test.each<[Matcher, boolean]>([
    [matcher('team', '=', 'web'), true],
    [matcher('team', '=', 'data', 'web'), true],
    [matcher('team', '=', 'data'), false],
    [matcher('team', '!=', 'data'), true],
    [matcher('team', '!=', 'data', 'web'), false],
    [matcher('monitor', '=~', 'web-.*'), true],
    [matcher('monitor', '=~', 'web'), false],
    [matcher('monitor', '=~', 'api|web-shop'), true],
    [matcher('monitor', '!~', 'web'), true],
    [matcher('monitor', '!~', 'web-.*'), false],
    [matcher('monitor', '=~', ''), false],
    [matcher('region', '=', ''), true],
    [matcher('region', '!=', ''), false],
    [matcher('region', '!=', 'eu'), true],
    [matcher('region', '=~', '.*'), true],
    [matcher('region', '=~', '.+'), false],
    [matcher('größe', '=~', 'kle.n'), true],
    [matcher('quote', '=', 'a "b"\nc'), true],
    [matcher('quote', '=~', 'a.*c'), true],
    [matcher('toString', '=', ''), true],
  ])('%j fits: %s', (one, expected) => {
    expect(fits([one], labels)).toBe(expected);
    expect(fits([one], labels)).toBe(expected);
  });

  test('of several all must fit, and none fits everything', () => {
    expect(fits([matcher('team', '=', 'web'), matcher('region', '=', 'eu')], labels)).toBe(false);
    expect(fits([], labels)).toBe(true);
  });
});

test('matchers are one line for people', () => {
  expect(matchText([matcher('severity', '=', 'critical', 'high'), matcher('region', '!=', '')])).toBe(
    "severity = critical, high, region != ''",
  );
  expect(matchText([])).toBe('everything');
});
