import { describe, expect, test } from 'vitest';
import { judge } from '../../shared/conditions/judge.ts';
import { parse } from '../../shared/conditions/parse.ts';
import type { Look } from '../../shared/conditions/properties.ts';
import { properties } from './properties.ts';

const document = {
  status: 'healthy',
  count: 12,
  text: '12',
  none: null,
  up: true,
  tags: ['a', 'b'],
  empty: [],
  'c d': { e: 1 },
  checks: [
    { name: 'database', ok: true, ms: 4 },
    { name: 'cache', ok: false, ms: 9 },
  ],
};

const seen: Record<string, unknown> = {
  status: 503,
  responseTime: 2_314.159,
  certificate: 13.21,
  errorRate: 5,
  body: 'All OK\n',
  json: document,
};

const headers: Record<string, string> = {
  'content-type': 'application/json',
  'x-left': '10',
  'x-hex': '0x10',
  'x-empty': '',
};

const look: Look = (property, argument) => ({
  value: property === 'header' ? headers[argument!] : seen[property],
});

function judged(line: string, measured = look) {
  const parsed = parse(line, properties);
  if ('problem' in parsed) throw new Error(`${line}: ${parsed.problem.allowed}`);
  return judge(parsed.condition, measured);
}

describe('holds', () => {
  test.each([
    'status == 503',
    'status != 200',
    'status == 5xx',
    'status != 2xx',
    'status in 500-599, 404',
    'status not in 200-299',
    'status >= 503',
    'responseTime < 3s',
    'responseTime > 2314ms',
    'certificate < 14d',
    'certificate >= 13d',
    'errorRate <= 5%',
    'header content-type contains json',
    'header content-type == application/json',
    'header Content-Type matches /^application\\/(json|xml)$/',
    'header x-left > 9',
    'header x-left == 10',
    'header x-left == "10"',
    'header x-left != 11',
    'header x-empty exists',
    'header x-empty == ""',
    'header etag not exists',
    'body contains OK',
    'body not contains error',
    'body matches /all ok/i',
    'body not matches /^OK/',
    'json $.status == "healthy"',
    'json $.count == 12',
    'json $.count > 11.5',
    'json $.text == "12"',
    'json $.none == null',
    'json $.none exists',
    'json $.count != null',
    'json $.up == true',
    'json $.missing not exists',
    'json $.tags contains "b"',
    'json $.tags not contains "c"',
    'json $.tags[1] == "b"',
    'json $.tags.length == 2',
    'json $.status.length == 7',
    "json $['c d'].e == 1",
    'json $.checks[*].ms < 10',
    'json $.checks[*].name exists',
    'json $.checks[*].error not exists',
    'json $.empty[*] not exists',
  ])('%s', (line) => {
    expect(judged(line)).toBeUndefined();
  });
});

describe('does not hold, and says what was seen', () => {
  test.each([
    ['status == 200', '503'],
    ['status == 2xx', '503'],
    ['status != 5xx', '503'],
    ['responseTime < 2s', '2314.16 ms'],
    ['certificate > 14d', '13.21 days'],
    ['errorRate < 5%', '5%'],
    ['header content-type contains xml', '"application/json"'],
    ['header x-left == 11', '"10"'],
    ['header x-empty not exists', '""'],
    ['body contains error', '"All OK\\n"'],
    ['json $.status == "degraded"', '"healthy"'],
    ['json $.up == false', 'true'],
    ['json $.none != null', 'null'],
    ['json $.tags contains "c"', '["a","b"]'],
    ['json $.checks[*].ok == true', 'false'],
    ['json $.checks[*].ms not exists', '4'],
  ])('%s (%s)', (line, value) => {
    const failure = judged(line);
    expect(failure).toEqual({ line: expect.any(String), seen: value });
  });
});

describe('cannot be evaluated, and so fails', () => {
  test.each([
    ['header etag contains abc', 'no etag header'],
    ['header etag not contains abc', 'no etag header'],
    ['header etag exists', 'no etag header'],
    ['header content-type > 5', 'text is not a number'],
    ['header x-hex == 16', 'text is not a number'],
    ['header x-empty == 0', 'text is not a number'],
    ['json $.missing == 1', 'nothing at $.missing'],
    ['json $.missing != 1', 'nothing at $.missing'],
    ['json $.missing not contains "x"', 'nothing at $.missing'],
    ['json $.missing exists', 'nothing at $.missing'],
    ['json $.count.deeper < 1', 'nothing at $.count.deeper'],
    ['json $.text == 12', 'text is not a number'],
    ['json $.text != 12', 'text is not a number'],
    ['json $.text < 13', 'text is not a number'],
    ['json $.count == "12"', 'a number is not text'],
    ['json $.count != "12"', 'a number is not text'],
    ['json $.none < 1', 'null is not a number'],
    ['json $.none != "x"', 'null is not text'],
    ['json $.up == 1', 'true or false is not a number'],
    ['json $.count contains "1"', 'a number contains nothing'],
    ['json $.count matches /1/', 'a number is not text'],
    ['json $.empty[*] == 1', 'the list is empty'],
    ['json $.status[*] == "h"', 'nothing at $.status[*]'],
    ['json $.tags[2] == "c"', 'nothing at $.tags[2]'],
    ['json $.toString exists', 'nothing at $.toString'],
    ['json $.tags[*].length > 5', undefined],
  ])('%s: %s', (line, problem) => {
    const failure = judged(line);
    expect(failure).toBeDefined();
    expect(failure?.problem).toBe(problem);
  });

  test.each(['json $.a exists', 'json $.a not exists', 'json $.a == 1', 'json $.a != 1'])(
    '%s when the body is no JSON',
    (line) => {
      expect(judged(line, () => ({ problem: 'the body is not JSON' }))).toEqual({
        line,
        problem: 'the body is not JSON',
      });
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('responseTime < 2s when it is %s', (value) => {
    expect(judged('responseTime < 2s', () => ({ value }))).toMatchObject({ problem: 'not a number' });
  });
});

test('a pattern that takes too long on a text is stopped, and fails either way', () => {
  const text = `${'a'.repeat(40)}!`;
  const measured: Look = () => ({ value: text });

  for (const operator of ['matches', 'not matches'])
    expect(judged(`body ${operator} /^(a|a)*$/`, measured)).toMatchObject({
      problem: 'the pattern took longer than 100 ms',
    });
});

test('a long value is cut', () => {
  const failure = judged('body contains x', () => ({ value: 'y'.repeat(1_000) }));
  expect(failure?.seen).toHaveLength(200);
});
