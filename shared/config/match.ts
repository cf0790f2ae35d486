import { bounded } from '../conditions/bounded.ts';
import { nestsRepetition } from '../conditions/pattern.ts';
import { nearest } from '../nearest.ts';
import { wholeValue } from '../routing/matcher.ts';
import { labelsOf } from '../routing/plan.ts';
import type { Matcher } from '../routing/route.ts';
import { severities } from '../severity.ts';
import type { Monitor } from './config.ts';
import type { Findings } from './issues.ts';
import type { Path } from './problems.ts';
import { severityOf, severityWords } from './schema.ts';

/** Labels that incidents have, each with all its values. */
export type KnownLabels = ReadonlyMap<string, ReadonlySet<string>>;

/** What incidents may be about, besides monitors. */
const types = ['monitor', 'rule', 'slo', 'self', 'alarm'];

/** Every label of every monitor with its values, and what each incident has by itself. */
export function knownLabels(monitors: readonly Monitor[]): KnownLabels {
  const labels = new Map([
    ['severity', new Set<string>(severities)],
    ['type', new Set(types)],
  ]);
  for (const monitor of monitors)
    for (const [label, value] of Object.entries(
      labelsOf({ type: 'monitor', id: monitor.id }, monitor.alert.severity, monitor),
    ))
      labels.set(label, (labels.get(label) ?? new Set()).add(value));
  return labels;
}

/** Milliseconds of the processor that a pattern may take to be tried on every value there is. */
const longestTrial = 100;

interface Demand {
  operator: Matcher['operator'];
  value: string;
}

const demandOf = (text: string): Demand => {
  const [, operator = '=', value = ''] = /^(!=|=~|!~|=)?\s*(.*)$/s.exec(text) ?? [];
  return { operator: operator as Matcher['operator'], value };
};

/** A demand as it is written: without an operator it is equality. */
const written = ({ operator }: Demand, value: string) => (operator === '=' ? value : `${operator} ${value}`);

/**
 * What a `match` of a file demands of labels. A name or value that no incident can have is refused: it is misspelt, or left over.
 * @param known undefined while some monitors are at fault
 */
export function resolveMatch(
  match: Record<string, string | string[]>,
  at: Path,
  known: KnownLabels | undefined,
  findings: Findings,
): Matcher[] {
  return Object.entries(match).flatMap(([label, texts]) => {
    const demands = [texts].flat().map(demandOf);
    const path = [...at, label];
    const values = known?.get(label);
    if (known && !values) {
      const names = [...known.keys()];
      const example = label === 'group' ? "group('shop', { monitors: […] })" : `labels: { ${label}: '…' }`;
      const fix = suggest(label, names, `give a monitor its ${label}: ${example}`);
      findings.report(path, { allowed: `one of the labels ${listed(names)}`, fix });
      return [];
    }
    const [first] = demands;
    if (!first || refuseMixture(demands, path, findings)) return [];
    const isPattern = first.operator === '=~' || first.operator === '!~';
    const found = demands.flatMap((demand, i) => {
      const place = Array.isArray(texts) ? [...path, i] : path;
      if (isPattern) return patternNamed(demand, values, place, findings) ?? [];
      return valueNamed(label, demand, values, place, findings) ?? [];
    });
    return [{ label, operator: first.operator, values: found }];
  });
}

/** One list, one question: whether the value is any of these, or none of them. */
function refuseMixture([first, ...others]: Demand[], path: Path, findings: Findings): boolean {
  if (!first) return false;
  if (others.some(({ operator }) => operator !== first.operator)) {
    findings.report(path, {
      allowed: 'values with the same operator, all of them',
      fix: 'put the other demand into a route inside of this one',
    });
    return true;
  }
  if (others.length === 0 || !first.operator.endsWith('~')) return false;
  const joined = [first, ...others].map(({ value }) => value).join('|');
  findings.report(path, { allowed: 'one pattern', fix: `write '${written(first, joined)}'` });
  return true;
}

/** The value a demand names, or '' for a label that is not there. */
function valueNamed(
  label: string,
  demand: Demand,
  known: ReadonlySet<string> | undefined,
  at: Path,
  findings: Findings,
): string | undefined {
  const { value } = demand;
  const found = label === 'severity' ? severityOf(value) : !known || known.has(value) ? value : undefined;
  if (found !== undefined || value === '') return found ?? value;
  const words: readonly string[] = label === 'severity' ? severityWords : [...(known ?? [])];
  const like = nearest(value, words);
  const allowed = words.length ? `one of ${listed(words)}` : `a ${label} that a monitor has: none has one`;
  findings.report(at, { allowed, fix: like ? `did you mean '${written(demand, like)}'` : 'remove it' });
  return undefined;
}

/** The pattern a demand names, if it is one that ends in time and is about something. */
function patternNamed(
  { value }: Demand,
  known: ReadonlySet<string> | undefined,
  at: Path,
  findings: Findings,
): string | undefined {
  const pattern = compiled(value);
  if (typeof pattern === 'string') {
    findings.report(at, { allowed: `a regular expression: ${pattern}`, fix: "write '=~ web-.*'" });
    return undefined;
  }
  const values = [...(known ?? [])];
  const trial = nestsRepetition(pattern)
    ? undefined
    : bounded(longestTrial, () => values.some((each) => pattern.test(each)));
  if (!trial)
    findings.report(at, {
      allowed: 'a regular expression that ends in time: this one may take for ever',
      fix: "write it without a repetition inside another, as in '=~ web-.*'",
    });
  else if (!trial.result && known)
    findings.report(at, {
      allowed: `a pattern of the whole of one of ${listed(values)}`,
      fix: /^[\w-]+$/.test(value) ? `write '=~ .*${value}.*' for a part of it` : 'remove it',
    });
  return value;
}

/** The pattern, or why there is none. */
function compiled(source: string): RegExp | string {
  try {
    return wholeValue(source);
  } catch (error) {
    return (error as Error).message.replace(/^.*: /s, '').toLowerCase();
  }
}

/** Labels whose values make a group; `['...']`, each for itself, makes none. */
export function resolveLabels(
  names: string[],
  at: Path,
  known: KnownLabels | undefined,
  findings: Findings,
): string[] {
  const labels = [...(known?.keys() ?? [])];
  for (const [i, name] of names.entries()) {
    if (name === '...' && names.length > 1)
      findings.report(at, {
        allowed: "labels, or ['...'] for each alert by itself: not both",
        fix: `leave out ${names.length > 2 ? 'the labels or ' : ''}'...'`,
      });
    else if (names.indexOf(name) < i)
      findings.report([...at, i], { allowed: 'each label once', fix: 'remove it' });
    else if (name !== '...' && known && !known.has(name))
      findings.report([...at, i], {
        allowed: `one of the labels ${listed(labels)}`,
        fix: suggest(name, labels, `give a monitor its ${name}: labels: { ${name}: '…' }`),
      });
  }
  return names;
}

/** Names that are shown where there are many. */
const shownNames = 20;

const listed = (names: readonly string[]): string =>
  names.length > shownNames
    ? `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more`
    : names.join(', ');

function suggest(word: string, candidates: readonly string[], otherwise: string): string {
  const like = nearest(word, candidates);
  return like ? `did you mean '${like}'` : otherwise;
}

/** Refuses names that are none of those a file gives to channels, people and the like. */
export function refuseUnknown(
  noun: 'channel' | 'person' | 'rotation' | 'policy' | 'monitor',
  names: readonly string[],
  known: readonly string[],
  at: (i: number) => Path,
  findings: Findings,
): void {
  for (const [i, name] of names.entries()) {
    if (known.includes(name)) continue;
    const plural = plurals[noun];
    const allowed = known.length
      ? `one of the ${plural.words} ${listed(known)}`
      : `a ${noun}: there are none`;
    findings.report(at(i), { allowed, fix: suggest(name, known, `add ${name} to ${plural.field}`) });
  }
}

const plurals = {
  channel: { words: 'channels', field: 'channels' },
  person: { words: 'people', field: 'people' },
  rotation: { words: 'rotations', field: 'rotations' },
  policy: { words: 'policies', field: 'escalations' },
  monitor: { words: 'monitors', field: 'monitors' },
};
