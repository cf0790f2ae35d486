import type * as z from 'zod/mini';
import type { Advice } from '../conditions/value.ts';
import { nearest } from '../nearest.ts';
import { foreignField } from './foreign-fields.ts';
import {
  hidden,
  mayBeSecret,
  type Path,
  type Problem,
  placeOf,
  valueAt,
  writePath,
  writeValue,
} from './problems.ts';

type Issue = z.core.$ZodIssue;

/** Fields that may stand at a path inside a part of the file, for «did you mean». */
export type Known = (path: PropertyKey[]) => string[];

/** Collects what is wrong with a file, so that everything can be told at once. */
export interface Findings {
  /** Those of the whole file so far, as they stand in it. */
  problems(): Problem[];
  count(): number;
  /** What stands at a path cannot stand. */
  report(path: Path, advice: Advice): void;
  /** What a schema found in the part of the file at a path. */
  reportIssues(error: z.core.$ZodError | undefined, path: Path, known: Known): void;
}

export function findingsOn(file: unknown): Findings {
  const found = new Map<string, { path: Path; problem: Problem }>();
  const add = (path: Path, advice: Advice) =>
    found.set(JSON.stringify([path, advice]), { path, problem: problemAt(file, path, advice) });
  return {
    count: () => found.size,
    problems: () => inOrderOf(file, [...found.values()]).map(({ problem }) => problem),
    report: add,
    reportIssues(error, at, known) {
      for (const { path, advice } of explained(error?.issues ?? [], file, at, known)) add(path, advice);
    },
  };
}

/** Sorts what was found as it stands in the file; what is missing comes last. */
function inOrderOf<Found extends { path: Path }>(file: unknown, found: Found[]): Found[] {
  const places = new Map(found.map((item) => [item, placeOf(item.path, file)]));
  return found.toSorted((a, b) => compare(places.get(a)!, places.get(b)!));
}

function compare(a: number[], b: number[]): number {
  const differing = a.findIndex((place, i) => place !== b[i]);
  return differing === -1 ? a.length - b.length : a[differing]! - (b[differing] ?? -1);
}

interface Explained {
  path: Path;
  advice: Advice;
}

/** A schema's own message reads `must be <allowed>: <fix>`; issues without one are explained by their kind. */
function explained(issues: Issue[], file: unknown, at: Path, known: Known): Explained[] {
  return issues.flatMap((issue) => {
    const path = [...at, ...(issue.path as Path)];
    if (issue.code === 'unrecognized_keys') {
      const fields = known(issue.path);
      return issue.keys.map((key) => ({ path: [...path, key], advice: unknownField(key, fields) }));
    }
    const branch = issue.code === 'invalid_union' && isUnexplained(issue) && nearestBranch(issue.errors);
    if (branch) return explained(branch, file, path, (inner) => known([...issue.path, ...inner]));
    return [{ path, advice: adviceOn(issue, valueAt(path, file), path) }];
  });
}

/** A problem with what stands at a path. */
export function problemAt(file: unknown, path: Path, { allowed, fix }: Advice): Problem {
  const value = valueAt(path, file);
  const isSecret = allowed === aSecret && typeof value === 'string';
  const got = isSecret ? hidden(value) : writeValue(value, path);
  return { path: writePath(path, file), got, allowed, fix };
}

const aSecret = 'a reference to a secret';

function unknownField(name: string, known: string[]): Advice {
  const written = foreignField(name, known);
  const like = nearest(name, known);
  const allowed = known.length ? `one of the fields ${known.join(', ')}` : 'no such field';
  return { allowed, fix: written ? `write ${written}` : like ? `did you mean ${like}` : 'remove it' };
}

/** Of the alternatives of a union, the one that was meant: it fails deepest inside. */
function nearestBranch(branches: Issue[][]): Issue[] | undefined {
  const depth = (issues: Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  const branch = branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  const isInside = branch?.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys');
  const unknown = branch?.filter(({ code }) => code === 'unrecognized_keys') ?? [];
  return isInside ? (unknown.length ? unknown : branch) : undefined;
}

const isUnexplained = ({ message }: Issue) => message === 'Invalid input' || message === '';

function adviceOn(issue: Issue, value: unknown, path: Path): Advice {
  const field = path.findLast((step) => typeof step === 'string') ?? 'it';
  if (issue.code === 'invalid_key') return split(issue.issues[0]?.message ?? '', field);
  if (!isUnexplained(issue)) return split(issue.message, field);
  if (
    (mayBeSecret([field]) || isSecretOfChannel(issue, path)) &&
    (value === undefined || typeof value === 'string')
  )
    return { allowed: aSecret, fix: `write ${field}: secret('${secretName(path)}')` };
  if (issue.code === 'invalid_value') return oneOf(field, issue.values.map(String), value);
  if (issue.code === 'too_big') return limit(field, 'at most', issue.maximum, issue.origin);
  if (issue.code === 'too_small') return limit(field, 'at least', issue.minimum, issue.origin);
  if (issue.code === 'invalid_type') return ofType(field, issue.expected, value, path);
  if (issue.code === 'invalid_union') return ofTypes(field, issue.errors.flat());
  return { allowed: 'another value', fix: `change ${field}` };
}

/** All objects in the settings of a channel are references to secrets. */
const isSecretOfChannel = (issue: Issue, [part, , ...inside]: Path): boolean =>
  part === 'channels' && inside.length > 0 && issue.code === 'invalid_type' && issue.expected === 'object';

/** A name for the secret that belongs at a path: `ops-webhook`. */
function secretName(path: Path): string {
  const words = path.filter((step) => typeof step === 'string').slice(-2);
  return words
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
}

/** `must be a, b or c: write a` in its two parts. */
function split(message: string, field: string): Advice {
  const [, allowed = message, fix] = /^(.*?): (.*)$/s.exec(message) ?? [];
  const example = /such as (\S+)$/.exec(allowed)?.[1];
  return {
    allowed: allowed.replace(/^must be /, ''),
    fix: fix ?? (example ? `write ${example}` : `change ${field}`),
  };
}

function oneOf(field: string, values: string[], value: unknown): Advice {
  const like = typeof value === 'string' ? nearest(value, values) : undefined;
  const fix = like ? `did you mean '${like}'` : `write ${field}: '${values[0]}'`;
  return { allowed: values.length > 1 ? `one of ${values.join(', ')}` : values[0]!, fix };
}

function limit(field: string, side: string, bound: number | bigint, origin: string): Advice {
  const unit = { string: ' characters', array: ' items' }[origin] ?? '';
  return { allowed: `${side} ${bound}${unit}`, fix: unit ? `change ${field}` : `write ${field}: ${bound}` };
}

const examples: Record<string, [allowed: string, literal: string]> = {
  string: ['a text', "'…'"],
  number: ['a number', '1'],
  int: ['a whole number', '1'],
  boolean: ['true or false', 'true'],
  array: ['a list', '[…]'],
  object: ['an object', '{ … }'],
  record: ['an object', '{ … }'],
};

function ofType(field: string, expected: string, value: unknown, path: Path): Advice {
  if (expected === 'array' && value !== undefined)
    return { allowed: 'a list', fix: `write ${field}: [${writeValue(value, path)}]` };
  const [allowed, literal] = examples[expected] ?? [expected, '…'];
  return { allowed, fix: `write ${field}: ${literal}` };
}

function ofTypes(field: string, issues: Issue[]): Advice {
  const allowed = issues.map((issue) => adviceOn(issue, undefined, [field]).allowed);
  return { allowed: [...new Set(allowed)].join(' or '), fix: `change ${field}` };
}
