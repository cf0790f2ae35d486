import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  evaluateExpression,
  MetricMathError,
  parseExpression,
} from '../../../infra/local/services/metric-math.ts';

const times = [0, 1, 2, 3];
/** Values at 0, 1, 2, 3; undefined is missing. */
const series = (...values: (number | undefined)[]) =>
  new Map(values.flatMap((value, time) => (value === undefined ? [] : [[time, value] as const])));
const metrics = new Map([
  ['errors', series(1, 0, undefined, 4)],
  ['calls', series(10, 0, 5, 8)],
]);
const evaluate = (expression: string) => {
  const result = evaluateExpression(parseExpression(expression), metrics, times);
  return times.map((time) => result.get(time));
};

describe('an expression', () => {
  it.each([
    ['errors', [1, 0, undefined, 4]],
    ['errors * 100 / calls', [10, undefined, undefined, 50]],
    ['1 + 2 * 3 - 4 / 2', [5, 5, 5, 5]],
    ['(1 + 2) * 3', [9, 9, 9, 9]],
    ['-errors + 1', [0, 1, undefined, -3]],
    ['8 - 4 - 2', [2, 2, 2, 2]],
    ['FILL(errors, 0)', [1, 0, 0, 4]],
    ['FILL(errors, REPEAT)', [1, 0, 0, 4]],
    ['FILL(errors, calls)', [1, 0, 5, 4]],
    ['IF(calls > 5, errors, 0)', [1, 0, 0, 4]],
    ['IF(calls > 5, errors)', [1, undefined, undefined, 4]],
    ['IF(calls >= 8 AND errors < 2, 1, 0)', [1, 0, undefined, 0]],
    ['IF(calls == 0 OR calls == 5, 1, 0)', [0, 1, 1, 0]],
    ['MAX([errors, 2])', [2, 2, undefined, 4]],
    ['SUM([errors, calls])', [11, 0, undefined, 12]],
    ['AVG([calls, 0])', [5, 0, 2.5, 4]],
    ['CEIL(calls / 3)', [4, 0, 2, 3]],
    ['ABS(0 - calls)', [10, 0, 5, 8]],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });
});

describe('a wrong expression', () => {
  it.each([
    ['errors +', /expected a value, got its end/],
    ['(errors', /expected \), got its end/],
    ['errors calls', /expected an operator, got calls/],
    ['SEARCH("x")', /no function SEARCH; there are FILL, IF/],
    ['SUM(errors)', /SUM takes a list/],
    ['[errors, calls]', /a list/],
    ['other / 2', /other/],
    ['errors % 2', /expected an operator, got %/],
  ])('%s is refused', (expression, reason) => {
    expect(() => evaluate(expression)).toThrow(MetricMathError);
    expect(() => evaluate(expression)).toThrow(reason);
  });
});

it('agrees with JavaScript on arithmetic', () => {
  const arithmetic = fc.letrec<{ term: string }>((tie) => ({
    term: fc.oneof(
      { depthSize: 'small' },
      fc.integer({ min: 0, max: 99 }).map(String),
      fc
        .tuple(tie('term'), fc.constantFrom('+', '-', '*'), tie('term'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(tie('term'), fc.constantFrom('+', '-', '*'), tie('term')).map((parts) => parts.join(' ')),
    ),
  })).term;
  fc.assert(
    fc.property(arithmetic, (expression) => {
      const expected = Number(new Function(`return ${expression}`)());
      expect(evaluate(expression)[0]).toBeCloseTo(expected);
    }),
  );
});
