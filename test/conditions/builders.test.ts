import * as tocsin from 'tocsin';
import { expect, test } from 'vitest';
import { buildersFor } from '../../shared/conditions/builders.ts';
import { parse } from '../../shared/conditions/parse.ts';
import { httpProperties } from '../../shared/monitors/http.ts';
import { configuredKinds } from '../../shared/monitors/index.ts';
import { properties } from './properties.ts';

const { body, certificate, header, json, responseTime, schema, status } = tocsin;
const { errorRate } = buildersFor(properties);

test.each([
  [status().is(200), 'status == 200'],
  [status().is('2xx'), 'status == 2xx'],
  [status().isNot('5xx'), 'status != 5xx'],
  [status().in('2xx', [301, 303], 308), 'status in 200-299, 301-303, 308'],
  [status().notIn(404), 'status not in 404'],
  [status().below(400), 'status < 400'],
  [responseTime().below('2s'), 'responseTime < 2s'],
  [responseTime().atMost('1500ms'), 'responseTime <= 1500ms'],
  [certificate().above('14d'), 'certificate > 14d'],
  [header('content-type').contains('json'), 'header content-type contains json'],
  [header('x-left').atLeast(10), 'header x-left >= 10'],
  [header('etag').exists(), 'header etag exists'],
  [body().equals('14d'), 'body == "14d"'],
  [body().contains('5%, "quoted" == /x/'), 'body contains "5%, \\"quoted\\" == /x/"'],
  [body().matches(/ok|up/i), 'body matches /ok|up/i'],
  [body().notMatches(/a\/b/), 'body not matches /a\\/b/'],
  [json('$.status').equals('healthy'), 'json $.status == "healthy"'],
  [json("$['a b'][*]").notEquals(null), "json $['a b'][*] != null"],
  [json('$.n').above(3), 'json $.n > 3'],
  [json('$.ok').equals(true), 'json $.ok == true'],
  [schema().is('valid'), 'schema == valid'],
])('%s gives the condition %s', (built, line) => {
  expect(parse(built, httpProperties)).toEqual(parse(line, httpProperties));
  expect(parse(built, httpProperties)).toHaveProperty('condition.line', line);
});

/** Properties that functions of `tocsin` write conditions on, `redis.info` among them. */
function propertiesBuilt(): Set<string> {
  const functions = Object.values(tocsin).flatMap((made) => [made, ...Object.values(made)]);
  const lines = functions.flatMap((build) => {
    const methods: object = (build as (argument: string) => object)('$.argument');
    const [write] = Object.values(methods);
    return typeof write === 'function' ? [String(write('1'))] : [];
  });
  return new Set(lines.map((line) => line.split(' ')[0]!));
}

test.each(Object.entries(configuredKinds))('every property of the kind %s has its builder', (_, kind) => {
  const built = propertiesBuilt();
  expect(Object.keys(kind.properties).filter((name) => !built.has(name))).toEqual([]);
});

test('a percentage is written as one', () => {
  expect(errorRate().below('5%')).toBe('errorRate < 5%');
});

test('only what fits a property is offered', () => {
  expect(Object.keys(certificate())).toEqual(['below', 'atMost', 'above', 'atLeast']);
  // @ts-expect-error durations are not searched
  expect(() => responseTime().contains('5')).toThrow();
  // @ts-expect-error a header needs its name
  expect(header().exists()).toBe('header exists');
  // @ts-expect-error a duration has a unit
  expect(responseTime().below('500')).toBe('responseTime < 500');
});
