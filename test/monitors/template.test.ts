import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../shared/conditions/judge.ts';
import { extracted, parseExtraction } from '../../shared/monitors/api/extraction.ts';
import { requestOf } from '../../shared/monitors/api/request.ts';
import { apiSettings } from '../../shared/monitors/api/settings.ts';
import { fill, inUrl, namesIn, type Value } from '../../shared/monitors/api/template.ts';

/** The request of a step behind one that extracts `value`. */
function requestWith(value: Value, fields: object) {
  const url = 'https://shop.example.com/';
  const { steps } = apiSettings.parse({
    steps: [
      { name: 'first', url, extract: { value: 'json $.value' } },
      { name: 'second', url, ...fields },
    ],
  });
  return requestOf(steps[1]!, new Map([['value', value]]));
}

const text = fc.string({ unit: 'binary', maxLength: 20 });
const wellFormed = text.map((value) => value.toWellFormed());

describe('whatever a value is', () => {
  it('it changes one part of a URL and no other', () => {
    const url = 'https://shop.example.com/carts/${value}/x?a=1&v=${value}#${value}';
    fc.assert(
      fc.property(wellFormed, (value) => {
        const request = requestWith(value, { url });
        if ('problem' in request) {
          expect(value).toMatch(/^\.\.?$/);
          return;
        }
        const { origin, pathname, searchParams } = new URL(request.url);
        expect(origin).toBe('https://shop.example.com');
        expect(pathname.split('/').map(decodeURIComponent)).toEqual(['', 'carts', value, 'x']);
        expect([...searchParams]).toEqual([
          ['a', '1'],
          ['v', value],
        ]);
      }),
      {
        examples: [
          ['..'],
          ['.'],
          ['%2e%2e'],
          ['a/../b?c#d'],
          ['${value}'],
          ['$&'],
          ['\ud800'.toWellFormed()],
        ],
      },
    );
  });

  it('it stands in JSON as it is, in an object or in a text', () => {
    const headers = { 'Content-Type': 'application/json; charset=utf-8' };
    fc.assert(
      fc.property(fc.oneof(text, fc.integer(), fc.boolean()), (value) => {
        const object = requestWith(value, { body: { v: '${value}', in: ['<${value}>'] } });
        expect(object).toMatchObject({ body: { v: value, in: [`<${value}>`] } });
        const written = requestWith(value, { headers, body: '{"v":"<${value}>"}' });
        expect(JSON.parse((written as { body: string }).body)).toEqual({ v: `<${value}>` });
      }),
    );
  });

  it('it stands in a form as one value', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    fc.assert(
      fc.property(wellFormed, (value) => {
        const request = requestWith(value, { headers, body: 'a=${value}&b=2' });
        expect([...new URLSearchParams((request as { body: string }).body)]).toEqual([
          ['a', value],
          ['b', '2'],
        ]);
      }),
    );
  });

  it('it puts no second header into a request', () => {
    fc.assert(
      fc.property(text, (value) => {
        const request = requestWith(value, { headers: { 'x-value': 'v ${value}' } });
        if (!('problem' in request)) expect(request.headers['x-value']).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
      }),
      { examples: [['a\r\nx: y'], ['\0'], ['ü']] },
    );
  });

  it('it is not filled in again', () => {
    const variables = new Map([
      ['a', '${b}'],
      ['b', 'never'],
    ]);
    expect(fill('${a}', variables, (value) => value)).toBe('${b}');
    expect(fill('${a}', variables, inUrl)).toBe('%24%7Bb%7D');
  });
});

it('names are found wherever texts are, as they are written', () => {
  const value = { url: '${a}/${b c}', list: [{ deep: 'x${a}y' }], no: '$a {b} ${', number: 1 };
  expect(namesIn(value)).toEqual(['a', 'b c', 'a']);
});

describe('a variable', () => {
  const document = { long: 'x'.repeat(8_193), token: 't', n: 0, list: [{ id: 7 }], no: null };
  const look = (property: string, argument?: string) => {
    if (property === 'json') return { value: document };
    if (property === 'header') return { value: argument === 'location' ? '/orders/81?x=1' : undefined };
    return { value: property === 'status' ? 201 : 'id=a1; id=b2' };
  };

  it.each([
    ['json $.token', 't'],
    ['json $.n', 0],
    ['json $.list[0].id', 7],
    ['json $.list.length', 1],
    ["json $['token']", 't'],
    ['header Location', '/orders/81?x=1'],
    ['header location /orders.(\\d+)/', '81'],
    ['status', 201],
    ['body /id=(\\w+)/', 'a1'],
    ['body /id=b\\d/', 'id=b2'],
    ['  body   /ID=(.)/i ', 'a'],
  ])('%s is %j', (line, value) => {
    const extraction = parseExtraction(line);
    expect('fix' in extraction ? extraction : extracted(extraction, look)).toEqual({ value });
  });

  it.each([
    ['json $.nothing', 'nothing at $.nothing'],
    ['json $.long', 'it is longer than 8192 characters'],
    ['json $.no', 'it is no text, number or boolean'],
    ['json $.list', 'it is no text, number or boolean'],
    ['header x-other', 'no header x-other'],
    ['body /nothing/', 'nothing matches'],
    ['body /a1(x)?/', 'nothing matches'],
  ])('%s has no value: %s', (line, problem) => {
    const extraction = parseExtraction(line);
    expect('fix' in extraction ? extraction : extracted(extraction, look)).toEqual({ problem });
  });

  it('is not waited for where its pattern takes for ever', () => {
    const extraction = parseExtraction('body /^(a|aa)*$/');
    if ('fix' in extraction) throw new Error(extraction.fix);
    const endless = () => ({ value: `${'a'.repeat(200)}!` });
    expect(extracted(extraction, endless)).toEqual({ problem: 'the pattern took longer than 100 ms' });
  });

  it.each([
    '',
    'token',
    'json token',
    'json',
    'json $.items[*]',
    'header',
    'status 200',
    'body id',
    'body /(a+)+/',
    'body /(/',
  ])('is nowhere at %j, and it is said what to write', (line) => {
    expect(parseExtraction(line)).toEqual({ allowed: expect.any(String), fix: expect.any(String) });
  });
});

it('a default expectation of a step is one that can be judged', () => {
  const { steps } = apiSettings.parse({ steps: [{ name: 'a', url: 'https://a.example.com/' }] });
  const look = (property: string) => ({ value: property === 'status' ? 500 : 3 });
  expect(steps[0]!.expect.map((condition) => judge(condition, look)?.line)).toEqual([
    'status in 200-399',
    'certificate > 14d',
  ]);
});
