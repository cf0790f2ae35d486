import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format } from '../../shared/conditions/format.ts';
import { operatorsOf } from '../../shared/conditions/operators.ts';
import { parse } from '../../shared/conditions/parse.ts';
import type { Condition } from '../../shared/config/config.ts';
import { properties } from './properties.ts';

const conditionOf = (line: string) => {
  const parsed = parse(line, properties);
  if ('problem' in parsed) throw new Error(`${line}: ${parsed.problem.allowed}; ${parsed.problem.fix}`);
  return parsed.condition;
};

describe('a line becomes a condition', () => {
  test.each<[string, Omit<Condition, 'line'>]>([
    ['status == 200', { property: 'status', operator: '==', value: 200 }],
    ['status==200', { property: 'status', operator: '==', value: 200 }],
    ['  status   !=   500  ', { property: 'status', operator: '!=', value: 500 }],
    ['status == 2xx', { property: 'status', operator: 'in', value: [[200, 299]] }],
    ['status != 5xx', { property: 'status', operator: 'not in', value: [[500, 599]] }],
    [
      'status in 200-299, 304',
      {
        property: 'status',
        operator: 'in',
        value: [
          [200, 299],
          [304, 304],
        ],
      },
    ],
    ['status in 304,2xx,3xx', { property: 'status', operator: 'in', value: [[200, 399]] }],
    ['status not in 404', { property: 'status', operator: 'not in', value: [[404, 404]] }],
    ['status < 400', { property: 'status', operator: '<', value: 400 }],
    ['responseTime < 500ms', { property: 'responseTime', operator: '<', value: 500, unit: 'ms' }],
    ['responseTime <= 1.5s', { property: 'responseTime', operator: '<=', value: 1_500, unit: 'ms' }],
    ['certificate > 14d', { property: 'certificate', operator: '>', value: 14, unit: 'days' }],
    ['certificate >= 48h', { property: 'certificate', operator: '>=', value: 2, unit: 'days' }],
    ['errorRate < 0.5%', { property: 'errorRate', operator: '<', value: 0.5, unit: '%' }],
    [
      'header Content-Type contains json',
      { property: 'header', argument: 'content-type', operator: 'contains', value: 'json' },
    ],
    ['header etag exists', { property: 'header', argument: 'etag', operator: 'exists' }],
    ['header x-debug not exists', { property: 'header', argument: 'x-debug', operator: 'not exists' }],
    ['header x-left > 10', { property: 'header', argument: 'x-left', operator: '>', value: 10 }],
    ['header x-count == 12', { property: 'header', argument: 'x-count', operator: '==', value: 12 }],
    ['header x-count == "12"', { property: 'header', argument: 'x-count', operator: '==', value: '12' }],
    ['body contains 12', { property: 'body', operator: 'contains', value: '12' }],
    ['body contains "a == b"', { property: 'body', operator: 'contains', value: 'a == b' }],
    ['body == \'it is "ok"\'', { property: 'body', operator: '==', value: 'it is "ok"' }],
    ['body not contains "\\u00e9\\n"', { property: 'body', operator: 'not contains', value: 'é\n' }],
    [
      'body matches /status: (ok|up)/i',
      { property: 'body', operator: 'matches', value: '/status: (ok|up)/i' },
    ],
    ['body not matches /a[/]b\\/c/', { property: 'body', operator: 'not matches', value: '/a[/]b\\/c/' }],
    [
      'json $.status == "healthy"',
      { property: 'json', argument: '$.status', operator: '==', value: 'healthy' },
    ],
    ['json $.n==-1.5e3', { property: 'json', argument: '$.n', operator: '==', value: -1_500 }],
    ['json $.ok == true', { property: 'json', argument: '$.ok', operator: '==', value: true }],
    ['json $.error == null', { property: 'json', argument: '$.error', operator: '==', value: null }],
    ['json $.error not exists', { property: 'json', argument: '$.error', operator: 'not exists' }],
    [
      "json $.a['c == d'][0] > 3",
      { property: 'json', argument: "$.a['c == d'][0]", operator: '>', value: 3 },
    ],
    [
      'json $.items[*].up == true',
      { property: 'json', argument: '$.items[*].up', operator: '==', value: true },
    ],
    ['json $ exists', { property: 'json', argument: '$', operator: 'exists' }],
    [
      'component database == up',
      { property: 'component', argument: 'database', operator: '==', value: 'up' },
    ],
  ])('%s', (line, condition) => {
    expect(conditionOf(line)).toEqual({ ...condition, line: expect.any(String) });
  });
});

test.each([
  ['status==200', 'status == 200'],
  ['status in 200-299', 'status == 2xx'],
  ['status not in 5xx', 'status != 5xx'],
  ['status in 2xx, 3xx', 'status in 200-399'],
  ['responseTime < 2000ms', 'responseTime < 2s'],
  ['responseTime < 1.5s', 'responseTime < 1500ms'],
  ['certificate > 48h', 'certificate > 2d'],
  ["body == 'two words'", 'body == "two words"'],
  ['header ETag not   exists', 'header etag not exists'],
])('%s reads as %s', (line, canonical) => {
  expect(conditionOf(line).line).toBe(canonical);
});

describe('a line that means nothing is refused', () => {
  test.each([
    ['', 'write status == 200'],
    ['stauts == 200', 'did you mean status == 200'],
    ['constructor == 200', 'write status == 200'],
    ['status', 'write status == 200'],
    ['status = 200', 'did you mean status == 200'],
    ['status == 200 304', 'write status == 200'],
    ['status == 0x1f4', 'write status == 200'],
    ['status == 6xx', 'write status == 200'],
    ['status == 1e999', 'write status == 200'],
    ['status in 1-99999999999', 'write status in 2xx, 301-303, 304'],
    ['responseTime < 99999999999d', 'write responseTime < 3650d'],
    ['responseTime < 500', 'write responseTime < 500ms'],
    ['responseTime < -5s', 'write responseTime < 5s'],
    ['responseTime == 500ms', 'write responseTime < 500ms'],
    ['certificate > 14', 'write certificate > 14d'],
    ['errorRate > 5', 'write errorRate > 5%'],
    ['header contains json', 'write header content-type contains json'],
    ['header x-left > many', 'write header x-left > 100'],
    ['body contains', 'write body contains "ok"'],
    ['body contains "unclosed', 'write body contains "unclosed"'],
    ['body contains "a" and "b"', 'write body contains "a\\" and \\"b"'],
    ['body contians ok', 'did you mean body contains ok'],
    ['body matches "ok"', 'write body matches /ok/'],
    ['body matches /a/ /b/', 'write body matches /a/ /b/'],
    ['body matches /(/', 'correct the expression'],
    ['body matches /a/q', 'correct the expression'],
    ['body matches /(a*)*b/', 'repeat once: a+ for (a+)+'],
    ['json status == "ok"', 'did you mean json $.status == "ok"'],
    ['json $.a..b == 1', 'write json $.status …'],
    ['json $.status == True', 'write json $.status == "True"'],
    ['json $.status exists now', 'write json $.status exists'],
  ])('%s → %s', (line, fix) => {
    const parsed = parse(line, properties);
    expect('problem' in parsed && parsed.problem.fix).toBe(fix);
  });
});

describe('a pattern that can take exponential time is refused', () => {
  test.each(['(a+)+', '(?:a*)*', '(a|b+)+c', '((a+)?)*', '(?<x>a{2,})+', '([a-z]+\\s)*$'])(
    '/%s/',
    (source) => {
      expect(parse(`body matches /${source}/`, properties)).toHaveProperty('problem');
    },
  );

  test.each(['(ab)+', 'a+b+', '(a+)', '(a+){2}', '[+*]+', '\\(a+\\)+', '(a|b)*', '(\\d{1,3}\\.){3}'])(
    '/%s/ is not one',
    (source) => {
      expect(parse(`body matches /${source}/`, properties)).toHaveProperty('condition');
    },
  );
});

test('every condition reads back as itself', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
  const range = fc.tuple(fc.nat(900), fc.nat(900)).map(([a, b]) => (a < b ? `${a}-${b}` : `${b}`));
  const literalOf = {
    number: fc.integer({ min: -1_000, max: 1_000 }).map(String),
    duration: fc.nat(100_000).map((n) => `${n}ms`),
    days: fc.nat(1_000).map((n) => `${n}h`),
    percent: fc.nat(1_000).map((n) => `${n / 10}%`),
    text: text.map((t) => JSON.stringify(t)),
    json: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)).map((v) => JSON.stringify(v)),
  };
  const argumentOf = {
    'header name': name,
    'component name': name,
    'JSON path': fc
      .array(
        fc.oneof(
          name.map((n) => `.${n}`),
          fc.nat(9).map((i) => `[${i}]`),
          text.map((t) => `["${t.replace(/[\\"]/g, '\\$&')}"]`),
          fc.constant('[*]'),
        ),
      )
      .map((steps) => `$${steps.join('')}`),
  };
  const lines = fc
    .constantFrom(...(Object.keys(properties) as (keyof typeof properties)[]))
    .chain((property) => {
      const asked: { type: keyof typeof literalOf; argument?: keyof typeof argumentOf } =
        properties[property];
      const argument = asked.argument ? argumentOf[asked.argument] : fc.constant('');
      return fc.constantFrom(...operatorsOf(asked.type)).chain((operator) => {
        const value = operator.endsWith('exists')
          ? fc.constant('')
          : operator.endsWith('matches')
            ? fc.constantFrom('/ok/', '/a[/]+ "b"/iu')
            : operator.endsWith('in')
              ? fc.array(range, { minLength: 1, maxLength: 4 }).map((ranges) => ranges.join(', '))
              : /^[<>]/.test(operator) && (asked.type === 'text' || asked.type === 'json')
                ? literalOf.number
                : literalOf[asked.type];
        return fc
          .tuple(argument, value)
          .map(([a, v]) => [property, a, operator, v].filter(Boolean).join(' '));
      });
    });

  fc.assert(
    fc.property(lines, (line) => {
      const condition = conditionOf(line);
      expect(condition.line).toBe(format(condition));
      expect(conditionOf(condition.line)).toEqual(condition);
    }),
    { numRuns: 3_000 },
  );
});

test('no text makes it throw', () => {
  const word = fc.constantFrom(
    'status',
    'json',
    '$.a',
    'header',
    '==',
    '<',
    'in',
    'not',
    'matches',
    '/(/',
    '"',
    '2xx',
    '-',
    ',',
    ' ',
  );
  const line = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(word, fc.string({ maxLength: 3 }))).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(line, (text) => {
      const parsed = parse(text, properties);
      if ('condition' in parsed) expect(conditionOf(parsed.condition.line)).toEqual(parsed.condition);
    }),
    { numRuns: 5_000 },
  );
});
