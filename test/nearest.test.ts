import { expect, test } from 'vitest';
import { nearest } from '../shared/nearest.ts';

const fields = ['timeout', 'every', 'expect', 'labels', 'name'];

test.each([
  ['tiemout', 'timeout'],
  ['Timeout', 'timeout'],
  ['evry', 'every'],
  ['label', 'labels'],
  ['exp', 'expect'],
  ['namespace', 'name'],
  ['colour', undefined],
  ['', undefined],
])('%s is probably %s', (word, candidate) => {
  expect(nearest(word, fields)).toBe(candidate);
});
