import { Ajv, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type JsonSchema, validateJson } from '../../shared/conditions/json-schema.ts';

const draft07 = 'http://json-schema.org/draft-07/schema#';
const options: Options = { strict: false, logger: false };

/** Two validators that share no code. */
function verdictsOn(schema: JsonSchema, document: unknown) {
  const other = schema.$schema === draft07 ? new Ajv(options) : new Ajv2020(options);
  const seen = validateJson(schema, document);
  return { ours: 'value' in seen && seen.value === 'valid', other: other.validate(schema, document) };
}

/** A schema, documents that are as it asks, and documents that are not. */
const keywords: [name: string, schema: JsonSchema, valid: unknown[], invalid: unknown[]][] = [
  ['type', { type: 'object' }, [{}], [[], null, 'x', 1, true]],
  ['type in a list', { type: ['string', 'null'] }, ['', null], [0, false, {}]],
  ['integer', { type: 'integer' }, [1, -3, 1.0, 1e20], [1.5, '1']],
  ['enum', { enum: ['healthy', 2, { a: [1] }] }, ['healthy', 2, { a: [1] }], ['sick', '2', { a: [2] }]],
  ['const', { const: { a: null } }, [{ a: null }], [{}, { a: 0 }, { a: null, b: 1 }]],
  ['minimum', { minimum: 0, exclusiveMaximum: 1 }, [0, 0.99, 'text'], [-0.01, 1]],
  ['exclusiveMinimum', { exclusiveMinimum: 0, maximum: 1 }, [0.01, 1], [0, 1.01]],
  ['multipleOf', { multipleOf: 5 }, [10, 0, -5, 'text'], [7, 0.5]],
  ['minLength counts characters', { minLength: 2, maxLength: 3 }, ['ab', '😀😀😀'], ['a', '😀', 'abcd']],
  ['pattern', { pattern: '^v\\d+$' }, ['v1', 4], ['1', 'v']],
  ['pattern with Unicode', { pattern: '^\\p{Lu}' }, ['Éa'], ['éa']],
  ['required', { required: ['a', 'b'] }, [{ a: 1, b: null }, 'text'], [{ a: 1 }, {}]],
  ['properties', { properties: { a: { type: 'number' } } }, [{}, { a: 1 }, { b: 'x' }], [{ a: 'x' }]],
  [
    'additionalProperties beside patterns',
    { properties: { a: {} }, patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
    [{ a: 1, 'x-b': 'c' }],
    [{ b: 1 }, { 'x-b': 1 }],
  ],
  ['propertyNames', { propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [{ abc: 1 }]],
  ['minProperties', { minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { a: 1, b: 2, c: 3 }]],
  ['dependentRequired', { dependentRequired: { a: ['b'] } }, [{}, { a: 1, b: 1 }], [{ a: 1 }]],
  ['dependentSchemas', { dependentSchemas: { a: { required: ['b'] } } }, [{ b: 1 }], [{ a: 1 }]],
  ['items', { items: { type: 'number' }, minItems: 1, maxItems: 2 }, [[1], [1, 2]], [[], ['a'], [1, 2, 3]]],
  [
    'prefixItems, and no others',
    { prefixItems: [{ type: 'string' }, { type: 'number' }], items: false },
    [['a', 1], ['a'], []],
    [[1], ['a', 1, 2]],
  ],
  [
    'uniqueItems',
    { uniqueItems: true },
    [[1, '1', { a: 1 }, { a: 2 }]],
    [
      [1, 1],
      [{ a: 1 }, { a: 1 }],
    ],
  ],
  ['contains', { contains: { const: 1 }, minContains: 2, maxContains: 3 }, [[1, 1, 0]], [[1], [1, 1, 1, 1]]],
  ['allOf', { allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1.5], [0, 3]],
  ['anyOf', { anyOf: [{ type: 'string' }, { minimum: 5 }] }, ['a', 5], [4]],
  ['oneOf', { oneOf: [{ minimum: 1 }, { maximum: 5 }] }, [0, 6], [3]],
  ['not', { not: { required: ['error'] } }, [{}], [{ error: 1 }]],
  [
    'if, then, else',
    JSON.parse(
      '{ "if": { "required": ["a"] }, "then": { "required": ["b"] }, "else": { "required": ["c"] } }',
    ),
    [{ a: 1, b: 1 }, { c: 1 }],
    [{ a: 1 }, {}],
  ],
  [
    'unevaluatedProperties, through allOf',
    { allOf: [{ properties: { a: {} } }], properties: { b: {} }, unevaluatedProperties: false },
    [{ a: 1, b: 1 }],
    [{ a: 1, c: 1 }],
  ],
  [
    '$ref into $defs, recursively',
    {
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
      $ref: '#/$defs/node',
    },
    [{ next: { next: {} } }],
    [{ next: { next: 1 } }],
  ],
  [
    '$ref beside other keywords',
    { $defs: { a: { minimum: 1 } }, $ref: '#/$defs/a', maximum: 2 },
    [1, 2],
    [0, 3],
  ],
  ['$anchor', { $defs: { a: { $anchor: 'part', type: 'string' } }, $ref: '#part' }, ['x'], [1]],
  [
    '$id with a relative $ref',
    { $id: 'https://example.com/root', $defs: { a: { $id: 'part', type: 'string' } }, $ref: 'part' },
    ['x'],
    [1],
  ],
  ['false', { properties: { a: false } }, [{}], [{ a: 1 }]],
  [
    'draft-07: items as a tuple',
    { $schema: draft07, items: [{}, { type: 'number' }], additionalItems: false },
    [['a', 1]],
    [
      ['a', 'b'],
      [1, 2, 3],
    ],
  ],
  [
    'draft-07: definitions',
    { $schema: draft07, definitions: { a: { type: 'string' } }, $ref: '#/definitions/a' },
    ['x'],
    [1],
  ],
  [
    'draft-07: dependencies',
    { $schema: draft07, dependencies: { a: ['b'], c: { required: ['d'] } } },
    [{ a: 1, b: 1 }],
    [{ a: 1 }, { c: 1 }],
  ],
];

const cases = keywords.flatMap(([name, schema, valid, invalid]) => [
  ...valid.map((document) => ({ name, schema, document, isValid: true })),
  ...invalid.map((document) => ({ name, schema, document, isValid: false })),
]);

describe('two validators agree', () => {
  it.each(cases)('$name: $document is valid: $isValid', ({ schema, document, isValid }) => {
    expect(verdictsOn(schema, document)).toEqual({ ours: isValid, other: isValid });
  });
});

describe('where the other one is wrong', () => {
  it.each<[string, JsonSchema, unknown, boolean]>([
    ['fractions are decimal', { multipleOf: 0.01 }, 19.99, true],
    ['and are refused as such', { multipleOf: 0.01 }, 0.075, false],
    [
      'draft-07: nothing beside $ref counts',
      {
        $schema: draft07,
        definitions: { a: {} },
        properties: { x: { $ref: '#/definitions/a', type: 'number' } },
      },
      { x: 'a' },
      true,
    ],
  ])('%s', (_, schema, document, isValid) => {
    expect(verdictsOn(schema, document).ours).toBe(isValid);
  });
});

describe('formats are checked', () => {
  it.each([
    ['date-time', '2026-11-20T08:00:00Z', '2026-13-20T08:00:00Z'],
    ['date', '2024-02-29', '2026-02-29'],
    ['time', '08:00:00+01:00', '25:00:00Z'],
    ['duration', 'P1DT2H', 'P1D2H'],
    ['email', 'ops@example.com', 'ops'],
    ['hostname', 'api.example.com', '-a.example.com'],
    ['ipv4', '192.0.2.1', '192.0.2.256'],
    ['ipv6', '2001:db8::1', '2001:db8::g'],
    ['uri', 'https://example.com/a?b', '//example.com'],
    ['uuid', '2eb8aa08-aa98-11ea-b4aa-73b441d16380', '2eb8aa08-aa98-11ea'],
    ['json-pointer', '/a/b~1c', 'a'],
    ['regex', '^a+$', '(a'],
  ])('%s: %s, and not %s', (format, right, wrong) => {
    expect(validateJson({ format }, right)).toEqual({ value: 'valid' });
    expect(validateJson({ format }, wrong)).toEqual({ value: `$: string does not match format '${format}'` });
  });
});

describe('what is wrong is told', () => {
  const component = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
  const schema: JsonSchema = {
    type: 'object',
    required: ['status'],
    properties: {
      status: { enum: ['healthy', 'degraded'] },
      checks: { type: 'array', items: { $ref: '#/$defs/component' } },
      load: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    },
    additionalProperties: false,
    $defs: { component },
  };

  it.each([
    [[], "$: is 'array', not 'object'"],
    [{}, "$: does not have required property 'status'"],
    [{ status: 'sick' }, "$.status: does not match any of ['healthy','degraded']"],
    [
      { status: 'healthy', checks: [{ name: 'a' }, { name: 1 }] },
      "$.checks[1].name: is 'number', not 'string'",
    ],
    [{ status: 'healthy', load: 'high' }, '$.load: does not match any subschemas'],
    [{ status: 'healthy', 'a b/c%': 1 }, "$['a b/c%']: is not allowed"],
    [
      { checks: [1, 2, 3] },
      "$: does not have required property 'status'; $.checks[0]: is 'number', not 'object'; $.checks[1]: is 'number', not 'object' (and 1 more)",
    ],
  ])('of %j', (document, value) => {
    expect(validateJson(schema, document)).toEqual({ value });
  });

  it('of a hundred thousand faults, the first', () => {
    const { value } = validateJson({ items: { type: 'string' } }, Array(300_000).fill(1)) as {
      value: string;
    };
    expect(value).toMatch(/^\$\[0\]: is 'number', not 'string'; /);
    expect(value.length).toBeLessThan(200);
  });
});

describe('what cannot be judged never passes', () => {
  const deep = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000));
  const forever = `${'a'.repeat(40)}!`;

  it.each<[string, JsonSchema, unknown, string]>([
    [
      'a pattern that takes for ever',
      { pattern: '^(a|a)*$' },
      forever,
      'validating the body took longer than 500 ms',
    ],
    [
      'a document deeper than the stack',
      { items: { $ref: '#' } },
      deep,
      'the body is too large or too deep to be validated',
    ],
    ['a schema that is itself', { $ref: '#' }, 1, 'the body is too large or too deep to be validated'],
    [
      'a name that is no Unicode',
      { additionalProperties: { type: 'string' } },
      { '\ud800': 1 },
      'the body has names that are not Unicode',
    ],
  ])('%s', (_, schema, document, problem) => {
    expect(validateJson(schema, document)).toEqual({ problem });
  });

  it('a schema that refers to nothing, which is our fault', () => {
    expect(() => validateJson({ $ref: '#/$defs/nothing' }, 1)).toThrow('Unresolved $ref');
  });
});
