import type { Condition, Operator } from '../config/config.ts';
import { nearest } from '../nearest.ts';
import { format } from './format.ts';
import { readPath } from './json-path.ts';
import { operatorsOf } from './operators.ts';
import type { Properties, Property } from './properties.ts';
import { type Advice, readValue } from './value.ts';

export type Parsed = { condition: Condition } | { problem: Advice };

/** A piece of a line that was read, and what follows it. */
interface Piece {
  text: string;
  rest: string;
}

const argumentLength: Record<NonNullable<Property['argument']>, (text: string) => number | undefined> = {
  'header name': (text) => /^[\w.-]+/.exec(text)?.[0].length,
  'JSON path': (text) => readPath(text)?.length,
  'component name': (text) => /^[\w.-]+/.exec(text)?.[0].length,
};

const example = { 'header name': 'content-type', 'JSON path': '$.status', 'component name': 'database' };

const operatorWords = /^(?:[=!<>]=|[<>]|=|(?:not\s+)?[A-Za-z]+)/;

/**
 * Reads a condition line: `<property> [argument] <operator> [value]`, left to right, so that nothing inside a value is taken for
 * an operator. Values: `200`, `2xx`, `200-299, 304`, `500ms`, `14d`, `5%`, `"text"`, `word`, `true`, `null`, `/pattern/i`.
 */
export function parse(line: string, properties: Properties): Parsed {
  const name = cut(line, /^[A-Za-z][\w.]*/.exec(line.trimStart())?.[0].length ?? 0);
  const property = Object.hasOwn(properties, name.text) ? properties[name.text]! : undefined;
  if (!property) return unknownProperty(line, name.text, properties);
  const argument = property.argument && cut(name.rest, argumentLength[property.argument](name.rest) ?? 0);
  if (argument && (!argument.text || !/^[\s=!<>]/.test(argument.rest + ' ')))
    return missingArgument(name.text, property.argument!, argument.rest);
  const asked = readOperator(argument?.rest ?? name.rest, property);
  if ('problem' in asked) return asked;
  const head = {
    property: name.text,
    ...(argument && {
      argument: property.argument === 'header name' ? argument.text.toLowerCase() : argument.text,
    }),
  };
  return readRest(head, asked.operator, asked.rest, property);
}

function readRest(
  head: { property: string; argument?: string },
  operator: Operator,
  text: string,
  { type }: Property,
): Parsed {
  const subject = Object.values(head).join(' ');
  if (operator.endsWith('exists'))
    return text ? problem('nothing after it', `write ${subject} ${operator}`) : finish({ ...head, operator });
  const value = readValue(text, operator, type);
  if ('advice' in value)
    return problem(value.advice.allowed, value.advice.fix.replace(/^write (?!\/)/, `write ${subject} `));
  return finish({ ...head, ...value });
}

function finish(condition: Omit<Condition, 'line'>): Parsed {
  return { condition: { ...condition, line: format(condition) } };
}

const problem = (allowed: string, fix: string): { problem: Advice } => ({ problem: { allowed, fix } });

function cut(text: string, length: number): Piece {
  const from = text.trimStart();
  return { text: from.slice(0, length), rest: from.slice(length).trim() };
}

function unknownProperty(line: string, word: string, properties: Properties): Parsed {
  const like = nearest(word, Object.keys(properties));
  const corrected = like && line.trim().replace(word, like);
  return problem(
    `a line that starts with ${Object.keys(properties).join(', ')}`,
    corrected ? `did you mean ${corrected}` : 'write for example status == 200',
  );
}

function missingArgument(name: string, kind: NonNullable<Property['argument']>, rest: string): Parsed {
  const written = rest.split(/\s/)[0];
  return problem(`${name}, then a ${kind}`, `write ${name} ${example[kind]} ${written ? '…' : 'exists'}`);
}

function readOperator(
  text: string,
  { type }: Property,
): { operator: Operator; rest: string } | { problem: Advice } {
  const known = operatorsOf(type);
  const { text: found, rest } = cut(text, operatorWords.exec(text)?.[0].length ?? 0);
  const word = found.replace(/\s+/g, ' ');
  const operator = known.find((candidate) => candidate === word);
  if (operator) return { operator, rest };
  const like = word === '=' ? '==' : nearest(word, known);
  const allowed = `one of ${known.join(', ')}`;
  return problem(
    allowed,
    like && known.includes(like as Operator) ? `did you mean ${like}` : `write ${known[0]} …`,
  );
}
