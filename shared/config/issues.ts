import type * as z from 'zod/mini';
import type { Advice } from '../conditions/value.ts';
import { nearest } from '../nearest.ts';
import { type Path, type Problem, secretField, valueAt, writePath, writeValue } from './problems.ts';

type Issue = z.core.$ZodIssue;

/** Collects what is wrong with a file, so that everything can be told at once. */
export interface Findings {
  problems: Problem[];
  /** What stands at a path cannot stand. */
  report(path: Path, advice: Advice): void;
  /** What a schema found in the part of the file at a path; `fields` are that part's, for «did you mean». */
  reportIssues(error: z.core.$ZodError | undefined, path: Path, fields?: string[]): void;
}

export function findingsOn(file: unknown): Findings {
  const problems: Problem[] = [];
  return {
    problems,
    report: (path, advice) => problems.push(problemAt(file, path, advice)),
    reportIssues: (error, path, fields = []) =>
      problems.push(...problemsOf(error?.issues ?? [], file, path, fields)),
  };
}

/** A schema's own message reads `must be <allowed>: <fix>`; issues without one are explained by their kind. */
function problemsOf(issues: Issue[], file: unknown, at: Path, fields: string[]): Problem[] {
  return issues.flatMap((issue) => {
    const path = [...at, ...(issue.path as Path)];
    if (issue.code === 'unrecognized_keys') {
      const known = issue.path.length === 0 ? fields : [];
      return issue.keys.map((key) => unknownField(file, [...path, key], known));
    }
    const branch = issue.code === 'invalid_union' && isUnexplained(issue) && nearestBranch(issue.errors);
    if (branch) return problemsOf(branch, file, path, []);
    return [problemAt(file, path, adviceOn(issue, valueAt(path, file), path))];
  });
}

/** A problem with what stands at a path. */
export function problemAt(file: unknown, path: Path, { allowed, fix }: Advice): Problem {
  return { path: writePath(path, file), got: writeValue(valueAt(path, file), path), allowed, fix };
}

function unknownField(file: unknown, path: Path, known: string[]): Problem {
  const like = nearest(String(path.at(-1)), known);
  const allowed = known.length ? `the fields ${known.join(', ')}` : 'no such field';
  return problemAt(file, path, { allowed, fix: like ? `did you mean ${like}` : 'remove it' });
}

/** Of the alternatives of a union, the one that was meant: it fails deepest inside. */
function nearestBranch(branches: Issue[][]): Issue[] | undefined {
  const depth = (issues: Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  const branch = branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  const isInside = branch?.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys');
  return isInside || branches.length === 1 ? branch : undefined;
}

const isUnexplained = ({ message }: Issue) => message === 'Invalid input' || message === '';

function adviceOn(issue: Issue, value: unknown, path: Path): Advice {
  const field = path.findLast((step) => typeof step === 'string') ?? 'it';
  if (issue.code === 'invalid_key') return adviceOn(issue.issues[0]!, value, path);
  if (!isUnexplained(issue)) return split(issue.message);
  if (issue.code === 'invalid_value') return oneOf(field, issue.values.map(String), value);
  if (issue.code === 'too_big') return limit(field, 'at most', issue.maximum, issue.origin);
  if (issue.code === 'too_small') return limit(field, 'at least', issue.minimum, issue.origin);
  if (typeof value === 'string' && secretField.test(field))
    return { allowed: 'a reference to a secret', fix: `write ${field}: secret('${field.toLowerCase()}')` };
  if (issue.code === 'invalid_type') return ofType(field, issue.expected);
  if (issue.code === 'invalid_union') return ofTypes(field, issue.errors.flat());
  return { allowed: 'another value', fix: `change ${field}` };
}

/** `must be a, b or c: write a` in its two parts. */
function split(message: string): Advice {
  const [, allowed = message, fix = 'change it'] = /^(.*?): (.*)$/s.exec(message) ?? [];
  return { allowed: allowed.replace(/^must be /, ''), fix };
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

function ofType(field: string, expected: string): Advice {
  const [allowed, literal] = examples[expected] ?? [expected, '…'];
  return { allowed, fix: `write ${field}: ${literal}` };
}

function ofTypes(field: string, issues: Issue[]): Advice {
  const allowed = issues.map((issue) => adviceOn(issue, undefined, [field]).allowed);
  return { allowed: [...new Set(allowed)].join(' or '), fix: `change ${field}` };
}
