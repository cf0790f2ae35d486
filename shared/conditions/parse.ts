import type { Condition, Operator } from '../config/config.ts';
import { nearest } from '../nearest.ts';
import { format } from './format.ts';
import { readPath } from './json-path.ts';
import { operatorsOf } from './operators.ts';
import type { Properties, Property } from './properties.ts';
import { type Advice, readValue, readWord } from './value.ts';

export type Parsed = { condition: Condition } | { problem: Advice };

/** A piece of a line that was read, and what follows it. */
interface Piece {
  text: string;
  rest: string;
}

type Argument = NonNullable<Property['argument']>;

const argumentLength: Record<Argument, (text: string) => number | undefined> = {
  'header name': (text) => /^[\w.-]+/.exec(text)?.[0].length,
  'JSON path': (text) => readPath(text)?.length,
  'component name': (text) => (bareComponent.exec(text) ?? quotedComponent.exec(text))?.[0].length,
};

/** `cassandra:responseTime`, `db/primary` */
const bareComponent = /^[\w.:/@-]+/;
const quotedComponent = /^"[^"\\]+"/;

const exampleArgument: Record<Argument, string> = {
  'header name': 'content-type',
  'JSON path': '$.status',
  'component name': 'database',
};

const exampleOf: Record<Property['type'], string> = {
  number: '== 200',
  duration: '< 500ms',
  days: '> 14d',
  percent: '< 5%',
  text: 'contains "ok"',
  word: '== "ok"',
  json: '== "ok"',
};

const operatorWords = /^(?:[=!<>]=|[<>]|=|(?:not\s+)?[A-Za-z]+)/;

/**
 * Reads a condition line: `<property> [argument] <operator> [value]`, left to right, so that nothing inside a value is taken for
 * an operator. Values: `200`, `2xx`, `200-299, 304`, `500ms`, `14d`, `5%`, `"text"`, `word`, `true`, `null`, `/pattern/i`.
 */
export function parse(line: string, properties: Properties): Parsed {
  const name = cut(line, /^[A-Za-z][\w.]*/.exec(line.trimStart())?.[0].length ?? 0);
  const property = Object.hasOwn(properties, name.text) ? properties[name.text]! : undefined;
  if (!property) return unknownProperty(line, name.text, properties);
  const argument = property.argument && cutArgument(name.rest, property.argument, operatorsOf(property.type));
  if (argument === undefined && property.argument)
    return missingArgument(name.text, property.argument, name.rest.trim());
  const head = {
    property: name.text,
    ...(argument && {
      argument: property.argument === 'header name' ? argument.text.toLowerCase() : argument.text,
    }),
  };
  const asked = readOperator(Object.values(head).join(' '), argument?.rest ?? name.rest, property);
  if ('problem' in asked) return asked;
  return readRest(head, asked.operator, asked.rest, property);
}

function readRest(
  head: { property: string; argument?: string },
  operator: Operator,
  text: string,
  { type, words }: Property,
): Parsed {
  const subject = Object.values(head).join(' ');
  if (operator.endsWith('exists'))
    return text ? problem('nothing after it', `write ${subject} ${operator}`) : finish({ ...head, operator });
  const value = words ? readWord(text, operator, words) : readValue(text, operator, type);
  if ('advice' in value)
    return problem(
      value.advice.allowed,
      value.advice.fix.replace(/^write (?=[=!<>]|[a-z])/, `write ${subject} `),
    );
  return finish({ ...head, ...value });
}

function finish(condition: Omit<Condition, 'line'>): Parsed {
  return { condition: { ...condition, line: format(condition) } };
}

const problem = (allowed: string, fix: string): { problem: Advice } => ({ problem: { allowed, fix } });

function cut(text: string, length: number): Piece {
  const from = text.trimStart();
  return { text: from.slice(0, length), rest: from.slice(length) };
}

/** The argument, which ends at a space or an operator; undefined where there is none. */
function cutArgument(text: string, kind: Argument, operators: string[]): Piece | undefined {
  const piece = cut(text, argumentLength[kind](text.trimStart()) ?? 0);
  const isWhole = piece.text && /^(?:$|[\s=!<>])/.test(piece.rest);
  return isWhole && !operators.includes(piece.text) ? piece : undefined;
}

function unknownProperty(line: string, word: string, properties: Properties): Parsed {
  const like = nearest(word, Object.keys(properties));
  const [anyName = ''] = Object.keys(properties);
  const corrected = like && line.trim().replace(word, like);
  return problem(
    `a line that starts with ${Object.keys(properties).join(', ')}`,
    corrected
      ? `did you mean ${corrected}`
      : `write ${anyName} ${exampleOf[properties[anyName]?.type ?? 'text']}`,
  );
}

function missingArgument(name: string, kind: Argument, rest: string): Parsed {
  const isPathWithoutRoot = kind === 'JSON path' && /^[A-Za-z_]/.test(rest);
  const follows = /^(?:[=!<>]|[a-z])/.test(rest) ? rest : '…';
  const fix = isPathWithoutRoot
    ? `did you mean ${name} $.${rest}`
    : `write ${name} ${exampleArgument[kind]} ${follows}`;
  return problem(`${name}, then a ${kind}`, fix);
}

function readOperator(
  subject: string,
  text: string,
  { type }: Property,
): { operator: Operator; rest: string } | { problem: Advice } {
  const known = operatorsOf(type);
  const { text: found, rest } = cut(text, operatorWords.exec(text.trimStart())?.[0].length ?? 0);
  const word = found.replace(/\s+/g, ' ');
  const operator = known.find((candidate) => candidate === word);
  if (operator) return { operator, rest: rest.trim() };
  const isWord = /[a-z]/i.test(word);
  const like = isWord ? nearest(word, known) : known.find((candidate) => word && candidate === `${word}=`);
  const fix =
    like && rest ? `did you mean ${subject} ${like} ${rest.trim()}` : `write ${subject} ${exampleOf[type]}`;
  return problem(`${subject}, then one of ${known.join(', ')}`, fix);
}
