import { expect, test } from 'vitest';
import { everyElement, parsePath, select } from '../../shared/conditions/json-path.ts';

test.each([
  ['$', []],
  ['$.a.b_c.d-e', ['a', 'b_c', 'd-e']],
  ['$[0][12]', [0, 12]],
  ['$[\'c d\']["e.f"]', ['c d', 'e.f']],
  ["$['it\\'s']", ["it's"]],
  ['$.größe', ['größe']],
  ['$.list[*].id', ['list', everyElement, 'id']],
])('%s', (path, steps) => {
  expect(parsePath(path)).toEqual(steps);
});

test.each(['', 'a', '$a', '$.', '$..a', '$.a[', '$.a[-1]', '$[a]', '$.a[?(@.b)]', '$.a b', '$[1:2]', '$.0a'])(
  '%s is no path',
  (path) => {
    expect(parsePath(path)).toBeUndefined();
  },
);

test.each([
  ['$.a[1].b', { a: [0, { b: 2 }] }, [2]],
  ['$[*].b', [{ b: 1 }, {}, { b: null }], [1, undefined, null]],
  ['$[*][*]', [[1, 2], [], [3]], [1, 2, 3]],
  ['$.length', { length: 'own' }, ['own']],
  ['$.length', [1, 2], [2]],
  ['$.a.b', { a: null }, [undefined]],
  ['$.__proto__', {}, [undefined]],
  ['$[0]', 'text', [undefined]],
  ['$.a', [], [undefined]],
])('%s in %j is %j', (path, document, values) => {
  expect(select(document, parsePath(path)!)).toEqual(values);
});
