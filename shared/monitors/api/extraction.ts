import { parsePath, select } from '../../conditions/json-path.ts';
import { finder, longestMatch } from '../../conditions/matching.ts';
import { patternLength } from '../../conditions/pattern.ts';
import type { Look } from '../../conditions/properties.ts';
import { type Advice, readValue } from '../../conditions/value.ts';
import type { Value } from './template.ts';

/** Where in an answer a variable's value is. */
export interface Extraction {
  property: 'json' | 'header' | 'status' | 'body';
  /** A JSON path that points at one value, or a header's name. */
  argument?: string;
  /** A regular expression literal: its first group, or all that it matches, is the value. */
  pattern?: string;
}

type Found = { value: Value } | { problem: string };

/** Characters of a value: the longest tokens and cookies have half of that. */
const longestValue = 8_192;

const example = { json: 'json $.token', header: 'header location', body: 'body /id=(\\d+)/' };

/** Reads `json $.token`, `header location`, `header location /id=(\d+)/`, `status` or `body /id=(\d+)/`. */
export function parseExtraction(text: string): Extraction | Advice {
  const [, property = '', rest = ''] = /^\s*(\w+)\s*(.*?)\s*$/s.exec(text) ?? [];
  if (property === 'status' && !rest) return { property };
  if (property === 'json') {
    const steps = parsePath(rest);
    if (steps?.every((step) => typeof step !== 'symbol')) return { property, argument: rest };
    return { allowed: 'json, then a JSON path that points at one value', fix: `write ${example.json}` };
  }
  if (property === 'body') return withPattern({ property }, rest);
  if (property === 'header') {
    const [, name = '', pattern = ''] = /^([\w.-]+)\s*(.*)$/s.exec(rest) ?? [];
    if (!name) return { allowed: 'header, then a header name', fix: `write ${example.header}` };
    const header = { property, argument: name.toLowerCase() } as const;
    return pattern ? withPattern(header, pattern) : header;
  }
  return {
    allowed: 'json, header, status or body, and where in it',
    fix: `write ${example.json}, ${example.header}, status or ${example.body}`,
  };
}

function withPattern(head: Extraction, pattern: string): Extraction | Advice {
  if (patternLength(pattern) === undefined)
    return {
      allowed: `${head.property}, then a regular expression between slashes`,
      fix: `write ${example.body}`,
    };
  const read = readValue(pattern, 'matches', 'text');
  return 'advice' in read ? read.advice : { ...head, pattern };
}

/** The extraction as it is written. */
export const lineOf = ({ property, argument, pattern }: Extraction): string =>
  [property, argument, pattern].filter(Boolean).join(' ');

/** What is found in an answer, or why nothing is. */
export function extracted({ property, argument, pattern }: Extraction, look: Look): Found {
  const seen = look(property, argument);
  if ('problem' in seen) return seen;
  const value = property === 'json' ? select(seen.value, parsePath(argument!)!)[0] : seen.value;
  if (value === undefined)
    return { problem: property === 'json' ? `nothing at ${argument}` : `no header ${argument}` };
  const part = pattern === undefined ? plain(value) : found(pattern, String(value));
  const isTooLong = 'value' in part && String(part.value).length > longestValue;
  return isTooLong ? { problem: `it is longer than ${longestValue} characters` } : part;
}

const plain = (value: unknown): Found =>
  ['string', 'number', 'boolean'].includes(typeof value)
    ? { value: value as Value }
    : { problem: 'it is no text, number or boolean' };

function found(pattern: string, text: string): Found {
  const value = finder(pattern)(text);
  if (value === undefined) return { problem: `the pattern took longer than ${longestMatch} ms` };
  return value === null ? { problem: 'nothing matches' } : { value };
}
