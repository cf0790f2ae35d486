import type { Condition, ConditionValue, Operator } from '../config/config.ts';
import { parseDuration, unitMs } from '../duration.ts';
import { nearest } from '../nearest.ts';
import { compilePattern, nestsRepetition, patternLength } from './pattern.ts';
import type { Property } from './properties.ts';

/** What is allowed, and what to write instead. */
export interface Advice {
  allowed: string;
  fix: string;
}

/** Ten years, in milliseconds. */
const longestDuration = 3_650 * unitMs.d;

type Unit = NonNullable<Condition['unit']>;

/** What a value in a condition line means: part of the condition, or why it means nothing. */
type Read = { operator: Operator; value: ConditionValue; unit?: Unit } | { advice: Advice };

const decimal = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')$/;

/** Reads what stands right of the operator. */
export function readValue(text: string, operator: Operator, type: Property['type']): Read {
  if (operator.endsWith('matches')) return readPattern(text, operator);
  if (type === 'number') return readNumbers(text, operator);
  if (type === 'duration' || type === 'days') return readDuration(text, operator, type);
  if (type === 'percent') return readPercent(text, operator);
  if (/^[<>]/.test(operator)) return readNumber(text, operator);
  return readText(text, operator, type);
}

/** Millionths are kept: less is written with an exponent, which durations and percentages do not have. */
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

const isNumber = (text: string) => decimal.test(text) && Number.isFinite(Number(text));

/** Without the sign of zero, which JSON does not keep. */
const numberOf = (text: string) => Number(text) || 0;

const refuse = (allowed: string, fix: string): Read => ({ advice: { allowed, fix } });

function readPattern(text: string, operator: Operator): Read {
  if (patternLength(text) !== text.length)
    return refuse(
      'a regular expression between slashes',
      `write ${operator} /${text.replace(/^["'/]|["'/]$/g, '') || '…'}/`,
    );
  try {
    const pattern = compilePattern(text);
    if (/[gy]/.test(pattern.flags))
      return refuse(
        'the flags i, m, s, u and v',
        `write /${pattern.source}/${pattern.flags.replace(/[gy]/g, '')}`,
      );
    if (nestsRepetition(pattern))
      return refuse(
        'a pattern without a repetition inside a repetition, which can take for ever',
        'repeat once: a+ for (a+)+',
      );
    return { operator, value: text };
  } catch (error) {
    return refuse(`a valid regular expression (${(error as Error).message})`, 'correct the expression');
  }
}

function readNumber(text: string, operator: Operator): Read {
  return isNumber(text)
    ? { operator, value: numberOf(text) }
    : refuse('a number', `write ${operator} ${parseFloat(text) || 100}`);
}

/** A number, a class such as `2xx`, or for `in` a list of numbers, classes and ranges. */
function readNumbers(text: string, operator: Operator): Read {
  if (/^[<>]/.test(operator)) return readNumber(text, operator);
  const isList = operator.endsWith('in');
  if (!isList && isNumber(text)) return { operator, value: numberOf(text) };
  const ranges = text.split(/,|\bor\b/).map((part) => readRange(part.trim()));
  const known = ranges.filter((range) => range !== undefined);
  const among = operator === '==' || operator === 'in' ? 'in' : 'not in';
  if (known.length < ranges.length || (isList && /or/.test(text)))
    return isList
      ? refuse('numbers, classes and ranges, separated by commas', `write ${operator} 2xx, 301-303, 304`)
      : refuse('a number or a class such as 2xx', `write ${operator} 200`);
  const single = known.length === 1 && known[0]![0] !== known[0]![1] && /xx$/.test(text);
  if (!isList && !single)
    return refuse('one number or class', `write ${among} ${text.replaceAll(/\s*\bor\b/g, ',')}`);
  return { operator: among, value: joined(known) };
}

function readRange(text: string): [number, number] | undefined {
  const statusClass = /^([1-5])xx$/i.exec(text);
  if (statusClass) return [Number(statusClass[1]) * 100, Number(statusClass[1]) * 100 + 99];
  const range = /^(\d{1,9})(?:\s*-\s*(\d{1,9}))?$/.exec(text);
  if (!range) return undefined;
  const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])];
  return from <= to ? [from, to] : undefined;
}

/** Sorted, those that touch or overlap made one. */
function joined(ranges: [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

function readDuration(text: string, operator: Operator, type: 'duration' | 'days'): Read {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > longestDuration) return refuse('at most 3650d', `write ${operator} 3650d`);
  if (ms === undefined) {
    const [usual, usualUnit] = type === 'days' ? ['14', 'd'] : ['500', 'ms'];
    const [, amount = usual, unit = usualUnit] = /(\d+)\s*(ms|[smhd])?/.exec(text) ?? [];
    return refuse('a duration with its unit: ms, s, m, h or d', `write ${operator} ${amount}${unit}`);
  }
  return type === 'days'
    ? { operator, value: Math.round(ms) / unitMs.d, unit: 'days' }
    : { operator, value: rounded(ms), unit: 'ms' };
}

function readPercent(text: string, operator: Operator): Read {
  return /^\d{1,9}(?:\.\d+)?%$/.test(text)
    ? { operator, value: rounded(parseFloat(text)), unit: '%' }
    : refuse('a percentage', `write ${operator} ${parseFloat(text) || 5}%`);
}

/** Quoted text; a bare word where only text can stand; a number; in JSON also true, false and null. */
function readText(text: string, operator: Operator, type: Property['type']): Read {
  if (quoted.test(text)) return { operator, value: unquote(text) };
  const searched = operator.endsWith('contains');
  if (isNumber(text) && !(searched && type === 'text')) return { operator, value: numberOf(text) };
  if (type === 'json' && /^(?:true|false|null)$/.test(text)) return { operator, value: JSON.parse(text) };
  if (type === 'text' && /^[^\s"']+$/.test(text)) return { operator, value: text };
  const allowed =
    type === 'json' ? 'text in quotes, a number, true, false or null' : 'one word, or text in quotes';
  return refuse(allowed, `write ${operator} ${JSON.stringify(text.replace(/^["']|["']$/g, '') || 'ok')}`);
}

/** One of these words, with or without quotes. */
export function readWord(text: string, operator: Operator, words: readonly string[]): Read {
  const word = quoted.test(text) ? unquote(text) : text;
  if (words.includes(word)) return { operator, value: word };
  return refuse(`one of ${words.join(', ')}`, `write ${operator} ${nearest(word, words) ?? words[0]}`);
}

function unquote(text: string): string {
  const inner = text.slice(1, -1);
  return inner.replace(/\\(u[\dA-Fa-f]{4}|.)/gs, (_, escaped: string) =>
    escaped.length > 1 ? String.fromCharCode(parseInt(escaped.slice(1), 16)) : (escapes[escaped] ?? escaped),
  );
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
