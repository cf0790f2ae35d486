import { expect, it } from 'vitest';
import { http } from '../../shared/config/index.ts';
import { resolve } from '../../shared/config/resolve.ts';

/** What `validate` says of a schema; nothing where it is sound. */
function problemsOf(schema: object) {
  const monitor = http('api', { url: 'https://api.example.com/', schema: schema as never });
  const resolved = resolve({ name: 'acme', monitors: [monitor] }, { local: false });
  return 'problems' in resolved ? resolved.problems : [];
}

it.each([
  {},
  { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Health', type: 'object' },
  { type: 'object', required: ['status'] },
  { type: ['string', 'null'] },
  { type: 'object', properties: { secret: { type: 'string' } } },
  { prefixItems: [{ type: 'string' }] },
  { $defs: { name: { type: 'string', format: 'email' } }, $ref: '#/$defs/name' },
  { $id: 'https://example.com/root.json', $defs: { part: { $id: 'part.json' } }, $ref: 'part.json' },
  { properties: { at: { type: 'string', format: 'date-time', description: 'when', examples: ['x'] } } },
  { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }], additionalItems: false },
  { $schema: 'http://json-schema.org/draft-07/schema', definitions: { a: {} }, $ref: '#/definitions/a' },
])('%j is a sound schema', (schema) => {
  expect(problemsOf(schema)).toEqual([]);
});

it.each([
  ['a keyword of OpenAPI', { type: 'string', nullable: true }],
  ['a keyword of the other draft', { prefixItems: [{}], $schema: 'http://json-schema.org/draft-07/schema#' }],
  ['half a condition', { if: { type: 'string' } }],
  ['a pattern of a name that can take for ever', { patternProperties: { '^(a+)+$': {} } }],
  ['more than it is worth', { enum: Array.from({ length: 10_000 }, (_, n) => `number ${n}`) }],
  ['a reference to what must be fetched', { allOf: [{ $ref: 'https://example.com/other' }] }],
])('%s is refused, and its place is named', (_, schema) => {
  expect(problemsOf(schema).map(({ path }) => path)).toEqual(['monitors[0] "api".schema']);
});
