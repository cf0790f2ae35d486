import type { Series } from './statistics.ts';

/** The part of CloudWatch's metric math that alarms and dashboards here use. */

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'metric'; id: string }
  | { kind: 'call'; name: string; arguments: Expression[] }
  | { kind: 'list'; members: Expression[] };

type Value = number | Series | Value[];

/** What is wrong with an expression, and where. */
export class MetricMathError extends Error {}

const binary: Record<string, (a: number, b: number) => number> = {
  '||': (a, b) => Number(a !== 0 || b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};
const words: Record<string, string> = { OR: '||', AND: '&&' };
/** Operators that bind alike, loosest first. */
const precedence = [['||'], ['&&'], ['==', '!=', '<=', '>=', '<', '>'], ['+', '-'], ['*', '/']];

const overPoint: Record<string, (value: number) => number> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
};
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const overList: Record<string, (values: number[]) => number> = {
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};
const functions = ['FILL', 'IF', ...Object.keys(overPoint), ...Object.keys(overList)];

/** Throws `MetricMathError`. */
export function parseExpression(source: string): Expression {
  const tokens =
    source.match(/\s+|\d+(\.\d+)?([eE][+-]?\d+)?|[A-Za-z_]\w*|==|!=|<=|>=|&&|\|\||[-+*/<>(),[\]]|./g) ?? [];
  const rest = tokens.filter((token) => token.trim() !== '').map((token) => words[token] ?? token);
  const refuse = (expected: string): never => {
    throw new MetricMathError(`expression "${source}": expected ${expected}, got ${rest[0] ?? 'its end'}`);
  };
  const take = (token: string) => (rest[0] === token ? rest.shift() : refuse(token));

  function operation(level: number): Expression {
    const operators = precedence[level];
    if (!operators) return operand();
    let left = operation(level + 1);
    while (operators.includes(rest[0] ?? '')) {
      const name = rest.shift()!;
      left = { kind: 'call', name, arguments: [left, operation(level + 1)] };
    }
    return left;
  }

  function operand(): Expression {
    const token = rest[0] ?? refuse('a value');
    if (/^\d/.test(token)) return { kind: 'number', value: Number(rest.shift()) };
    if (token === '-') {
      rest.shift();
      return { kind: 'call', name: '-', arguments: [{ kind: 'number', value: 0 }, operand()] };
    }
    if (token === '(') {
      rest.shift();
      const inner = operation(0);
      take(')');
      return inner;
    }
    if (token === '[') return { kind: 'list', members: between('[', ']') };
    if (!/^[A-Za-z]\w*$/.test(token)) return refuse('a value');
    rest.shift();
    if (rest[0] === '(') return call(token);
    if (token === 'REPEAT' || /^[a-z]/.test(token)) return { kind: 'metric', id: token };
    return refuse(`( after ${token}`);
  }

  function call(name: string): Expression {
    if (!functions.includes(name))
      throw new MetricMathError(
        `expression "${source}": no function ${name}; there are ${functions.join(', ')}`,
      );
    return { kind: 'call', name, arguments: between('(', ')') };
  }

  function between(open: string, close: string): Expression[] {
    take(open);
    const members = [operation(0)];
    while (rest[0] === ',') {
      rest.shift();
      members.push(operation(0));
    }
    take(close);
    return members;
  }

  const parsed = operation(0);
  return rest.length === 0 ? parsed : refuse('an operator');
}

/** Ids of the metrics and other expressions this one needs. */
export function references(expression: Expression): string[] {
  if (expression.kind === 'metric') return expression.id === 'REPEAT' ? [] : [expression.id];
  if (expression.kind === 'number') return [];
  return (expression.kind === 'list' ? expression.members : expression.arguments).flatMap(references);
}

/**
 * The expression at each of `times` (ascending starts of periods). A point whose operands are missing,
 * or whose result is no number (division by zero), is missing. Throws `MetricMathError`.
 */
export function evaluateExpression(
  expression: Expression,
  metrics: Map<string, Series>,
  times: number[],
): Series {
  const value = resultOf(expression, metrics, times);
  if (Array.isArray(value)) throw new MetricMathError('the expression gives a list, not one time series');
  return pointwise(times, [value], ([only]) => only!);
}

function resultOf(expression: Expression, metrics: Map<string, Series>, times: number[]): Value {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'list') return expression.members.map((member) => resultOf(member, metrics, times));
  if (expression.kind === 'metric') {
    const series = metrics.get(expression.id);
    if (!series)
      throw new MetricMathError(`the expression uses ${expression.id}, which no query has as its Id`);
    return series;
  }
  const { name, arguments: operands } = expression;
  if (name === 'FILL') return fill(operands, metrics, times);
  const values = operands.map((operand) => resultOf(operand, metrics, times));
  if (name === 'IF') return choose(values, times);
  const reduce = overList[name];
  if (reduce) {
    const [list] = values;
    if (values.length !== 1 || !Array.isArray(list))
      throw new MetricMathError(`${name} takes a list: ${name}([a, b])`);
    return over(name, list, times, reduce);
  }
  const apply = overPoint[name];
  if (apply) return over(name, values, times, ([value]) => apply(value!));
  return over(name, values, times, ([a, b]) => binary[name]!(a!, b!));
}

function over(name: string, values: Value[], times: number[], reduce: (values: number[]) => number): Value {
  const plain = values.filter((value): value is number | Series => !Array.isArray(value));
  if (plain.length < values.length) throw new MetricMathError(`${name} takes no list here`);
  return plain.every((value) => typeof value === 'number') ? reduce(plain) : pointwise(times, plain, reduce);
}

function pointwise(
  times: number[],
  values: (number | Series)[],
  reduce: (values: number[]) => number,
): Series {
  const result: Series = new Map();
  for (const time of times) {
    const point = values.map((value) => (typeof value === 'number' ? value : value.get(time)));
    if (point.includes(undefined)) continue;
    const reduced = reduce(point as number[]);
    if (Number.isFinite(reduced)) result.set(time, reduced);
  }
  return result;
}

/** `FILL(metric, number)` or `FILL(metric, REPEAT)`. */
function fill(operands: Expression[], metrics: Map<string, Series>, times: number[]): Series {
  const [metric, filler] = operands;
  if (operands.length !== 2 || !metric || !filler)
    throw new MetricMathError('FILL takes a metric and a filler');
  const series = evaluateExpression(metric, metrics, times);
  const repeats = filler.kind === 'metric' && filler.id === 'REPEAT';
  const fillers = repeats ? undefined : evaluateExpression(filler, metrics, times);
  let last: number | undefined;
  const result: Series = new Map();
  for (const time of times) {
    last = series.get(time) ?? (fillers ? fillers.get(time) : last);
    if (last !== undefined) result.set(time, last);
  }
  return result;
}

/** `IF(condition, then)` or `IF(condition, then, else)`. */
function choose(values: Value[], times: number[]): Series {
  const [condition, then, otherwise] = values;
  if (values.length < 2 || values.length > 3 || values.some(Array.isArray))
    throw new MetricMathError('IF takes a condition, a value and optionally another value');
  const at = (value: Value | undefined, time: number) =>
    value instanceof Map ? value.get(time) : (value as number);
  const result: Series = new Map();
  for (const time of times) {
    const holds = at(condition, time);
    const chosen = holds === undefined ? undefined : at(holds !== 0 ? then : otherwise, time);
    if (chosen !== undefined) result.set(time, chosen);
  }
  return result;
}
