import { isIP } from 'node:net';
import type { Condition, Operator } from '../config/config.ts';
import type { ConditionFailure } from '../monitors/observation.ts';
import { parsePath, type Step, select } from './json-path.ts';
import { longestMatch, matcher } from './matching.ts';
import type { Look } from './properties.ts';

/** Whether a value is as the condition asks, or why that cannot be told. */
type Test = (value: unknown) => boolean | { problem: string };

interface Compiled {
  test: Test;
  /** Steps of the JSON path, where the property takes one. */
  steps: Step[] | undefined;
}

const longestSeen = 200;

/** Conditions are judged thousands of times and never change: each is prepared once. */
const prepared = new WeakMap<Condition, Compiled>();

/**
 * Judges what a check measured: undefined when the condition holds. What cannot be evaluated (no such header, no JSON, text against
 * a number) is a failure with its `problem`, never a pass. Types are strict: in JSON "12" is not 12. A header or body is text, and
 * is read as a number where the condition has one. A JSON path with `[*]` asks for every element, and for at least one. Of a list of
 * texts (DNS records) `contains` and `matches` ask for any, `==` for all of them in any order.
 */
export function judge(condition: Condition, look: Look): ConditionFailure | undefined {
  const compiled = prepared.get(condition) ?? compile(condition);
  prepared.set(condition, compiled);
  const seen = look(condition.property, condition.argument);
  if ('problem' in seen) return { line: condition.line, problem: seen.problem };
  const values = compiled.steps ? select(seen.value, compiled.steps) : [seen.value];
  if (values.length === 0 && condition.operator !== 'not exists')
    return { line: condition.line, problem: 'the list is empty' };
  for (const value of values) {
    const result = compiled.test(value);
    if (result !== true) return failure(condition, value, result);
  }
  return undefined;
}

/** What a condition sees, as text, whether it holds or not. */
export function seenBy({ property, argument, unit }: Condition, look: Look): string {
  const seen = look(property, argument);
  if ('problem' in seen) return seen.problem;
  const steps = argument?.startsWith('$') && parsePath(argument);
  const values = steps ? select(seen.value, steps) : [seen.value];
  return values.length === 0 ? 'nothing' : values.map((value) => write(value, unit)).join(', ');
}

function failure(
  condition: Condition,
  value: unknown,
  result: false | { problem: string },
): ConditionFailure {
  return {
    line: condition.line,
    ...(value !== undefined && { seen: write(value, condition.unit) }),
    ...(result && { problem: result.problem }),
    ...(value === undefined && { problem: missing(condition) }),
  };
}

const missing = ({ property, argument }: Condition) =>
  argument?.startsWith('$') ? `nothing at ${argument}` : ['no', argument, property].filter(Boolean).join(' ');

function write(value: unknown, unit: Condition['unit']): string {
  if (typeof value === 'number' && unit) {
    const rounded = Math.round(value * 100) / 100;
    return unit === '%' ? `${rounded}%` : `${rounded} ${unit}`;
  }
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longestSeen ? `${text.slice(0, longestSeen - 1)}…` : text;
}

function compile(condition: Condition): Compiled {
  const { argument, operator, value: wanted } = condition;
  const steps = argument?.startsWith('$') ? parsePath(argument) : undefined;
  const test = testOf(operator, wanted, steps !== undefined);
  const answersAbsence = operator.endsWith('exists');
  return { steps, test: (value) => (value === undefined && !answersAbsence ? false : test(value)) };
}

function testOf(operator: Operator, wanted: Condition['value'], isJson: boolean): Test {
  switch (operator) {
    case '!=':
      return negated(equals(wanted, isJson));
    case '==':
      return equals(wanted, isJson);
    case 'not matches':
      return negated(matches(String(wanted), isJson));
    case 'matches':
      return matches(String(wanted), isJson);
    case 'not contains':
      return negated(contains(wanted, isJson));
    case 'contains':
      return contains(wanted, isJson);
    case 'not in':
      return negated(within(wanted, isJson));
    case 'in':
      return within(wanted, isJson);
    case '<':
      return numeric(isJson, (value) => value < Number(wanted));
    case '<=':
      return numeric(isJson, (value) => value <= Number(wanted));
    case '>':
      return numeric(isJson, (value) => value > Number(wanted));
    case '>=':
      return numeric(isJson, (value) => value >= Number(wanted));
    case 'exists':
      return (value) => value !== undefined;
    case 'not exists':
      return (value) => value === undefined;
  }
}

const negated =
  (test: Test): Test =>
  (value) => {
    const result = test(value);
    return typeof result === 'boolean' ? !result : result;
  };

const decimal = /^\s*-?\d+(?:\.\d+)?\s*$/;

/** A test on numbers. Text that does not come from JSON (a header) is read as a decimal number. */
function numeric(isJson: boolean, holds: (value: number) => boolean): Test {
  return (value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? holds(value) : { problem: 'not a number' };
    if (typeof value === 'string' && !isJson && decimal.test(value)) return holds(Number(value));
    return { problem: `${typeName(value)} is not a number` };
  };
}

function within(ranges: Condition['value'], isJson: boolean): Test {
  const known = Array.isArray(ranges) ? ranges : [];
  return numeric(isJson, (value) => known.some(([from, to]) => from <= value && value <= to));
}

function equals(wanted: unknown, isJson: boolean): Test {
  if (typeof wanted === 'number') return numeric(isJson, (value) => value === wanted);
  return (value) => {
    if (!isJson && isTexts(value)) return typeof wanted === 'string' && inOrder(value) === inOrder([wanted]);
    if (value === wanted) return true;
    const comparable = typeof value === typeof wanted || wanted === null;
    return comparable ? false : { problem: `${typeName(value)} is not ${typeName(wanted)}` };
  };
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value);

/** Texts as one, separated by commas, whatever their order. */
const inOrder = (texts: string[]) =>
  texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .sort()
    .join(', ');

/** An address is compared as a whole: 192.0.2.10 does not contain 192.0.2.1. */
const isPartOf = (text: string, part: string) => (isIP(text) ? text === part : text.includes(part));

function contains(wanted: unknown, isJson: boolean): Test {
  return (value) => {
    if (!isJson && isTexts(value)) return value.some((text) => isPartOf(text, String(wanted)));
    if (Array.isArray(value)) return value.includes(wanted);
    if (typeof value !== 'string') return { problem: `${typeName(value)} contains nothing` };
    return typeof wanted === 'string'
      ? value.includes(wanted)
      : { problem: `text does not contain ${typeName(wanted)}` };
  };
}

function matches(literal: string, isJson: boolean): Test {
  const match = matcher(literal);
  return (value) => {
    if (!isJson && isTexts(value)) return anyOf(value.map((text) => match(text)));
    if (typeof value !== 'string') return { problem: `${typeName(value)} is not text` };
    return match(value) ?? tooSlow;
  };
}

const tooSlow = { problem: `the pattern took longer than ${longestMatch} ms` };

/** A match settles it, whatever of the others took too long. */
function anyOf(results: (boolean | undefined)[]): ReturnType<Test> {
  if (results.includes(true)) return true;
  return results.includes(undefined) ? tooSlow : false;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return (
    { string: 'text', number: 'a number', boolean: 'true or false', object: 'an object' }[
      typeof value as string
    ] ?? 'nothing'
  );
}
