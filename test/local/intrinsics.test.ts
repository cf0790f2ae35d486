// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of CloudFormation
import { expect, test } from 'vitest';
import { conditionHolds, type References, resolveValue } from '../../infra/local/intrinsics.ts';
import type { Stack } from '../../infra/local/template.ts';

const stack: Stack = {
  region: undefined,
  name: 'Stack',
  file: 'Stack.template.json',
  resources: {},
  assets: new Map(),
  parameters: { Size: { Default: 'small' } },
  mappings: { Sizes: { small: { memory: 128 } } },
  conditions: {
    Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Either: { 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': ['a', 'a'] }] },
    Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
  },
};
const references: References = {
  ref: (logicalId) => `ref-${logicalId}`,
  attribute: (logicalId, name) => `${logicalId}-${name}`,
  pseudo: { 'AWS::Region': 'us-east-1', 'AWS::AccountId': '000000000000' },
};

test.each([
  ['plain values', [1, 'a', true, null], [1, 'a', true, null]],
  ['a reference', { Ref: 'Queue' }, 'ref-Queue'],
  ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['a parameter', { Ref: 'Size' }, 'small'],
  ['an attribute', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue-Arn'],
  ['an attribute as text', { 'Fn::GetAtt': 'Queue.Arn' }, 'Queue-Arn'],
  [
    'an attribute within an attribute',
    { 'Fn::GetAtt': ['Queue', 'Endpoint.Address'] },
    'Queue-Endpoint.Address',
  ],
  [
    'a substitution',
    { 'Fn::Sub': '${AWS::AccountId}/${Queue}/${Queue.Arn}/${!kept}' },
    '000000000000/ref-Queue/Queue-Arn/${kept}',
  ],
  [
    'a substitution with variables',
    { 'Fn::Sub': ['${a}${Queue}', { a: { Ref: 'Size' } }] },
    'smallref-Queue',
  ],
  ['a join', { 'Fn::Join': [':', ['a', { Ref: 'Queue' }]] }, 'a:ref-Queue'],
  ['a part of a split', { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: 'Queue' }] }] }, 'Queue'],
  ['a mapping', { 'Fn::FindInMap': ['Sizes', { Ref: 'Size' }, 'memory'] }, 128],
  ['a choice', { 'Fn::If': ['Yes', { Ref: 'A' }, { Ref: 'B' }] }, 'ref-A'],
  ['the other choice', { 'Fn::If': ['No', { Ref: 'A' }, { Ref: 'B' }] }, 'ref-B'],
  ['a property without a value', { kept: 1, gone: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
  ['an item without a value', [1, { 'Fn::If': ['No', 2, { Ref: 'AWS::NoValue' }] }], [1]],
  ['functions deep within', { a: [{ b: { Ref: 'Queue' } }] }, { a: [{ b: 'ref-Queue' }] }],
])('%s is resolved', (_, value, resolved) => {
  expect(resolveValue(value, stack, references)).toEqual(resolved);
});

test.each([
  ['Yes', true],
  ['No', false],
  ['Either', true],
  ['Both', false],
])('condition %s is %s', (name, holds) => {
  expect(conditionHolds(name, stack, references)).toBe(holds);
});

test('a function that is not known is refused', () => {
  expect(() => resolveValue({ a: { 'Fn::ImportValue': 'x' } }, stack, references)).toThrow(
    'Fn::ImportValue is not emulated locally',
  );
});
