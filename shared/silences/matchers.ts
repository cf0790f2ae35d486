import { bounded } from '../conditions/bounded.ts';
import { nestsRepetition } from '../conditions/pattern.ts';
import { fits, wholeValue } from '../routing/matcher.ts';
import type { Matcher } from '../routing/route.ts';

/** A silence is small, and many are asked about every incident. */
export const matcherLimits = { count: 20, label: 200, value: 1_000 };

/** Milliseconds of the processor that matching may take; what takes longer does not match. */
const longestMatchMs = 50;

/** Whether all fit, within bounds: a pattern that takes for ever holds nothing back. */
export function fitWithin(matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean {
  if (!matchers.some(isPattern)) return fits(matchers, labels);
  return bounded(longestMatchMs, () => fits(matchers, labels))?.result ?? false;
}

const isPattern = ({ operator }: Matcher) => operator === '=~' || operator === '!~';

/** What is wrong with the matchers of a silence; undefined where nothing is. */
export function matchersProblem(matchers: readonly Matcher[]): string | undefined {
  if (matchers.length === 0) return 'a silence needs a matcher, such as team="platform"';
  if (matchers.length > matcherLimits.count) return `a silence has at most ${matcherLimits.count} matchers`;
  for (const matcher of matchers) {
    const problem = matcherProblem(matcher);
    if (problem) return `${formatMatcher(matcher)}: ${problem}`;
  }
  return matchers.every((matcher) => fitWithin([matcher], {}))
    ? 'one matcher must not fit a label that is missing: this would silence everything'
    : undefined;
}

function matcherProblem(matcher: Matcher): string | undefined {
  const { label, values } = matcher;
  if (values.length !== 1) return 'a matcher has one value: use a pattern such as =~"a|b" for several';
  if (label === '' || label.length > matcherLimits.label)
    return `a label has 1 to ${matcherLimits.label} characters`;
  if (values[0]!.length > matcherLimits.value) return `a value has at most ${matcherLimits.value} characters`;
  return isPattern(matcher) ? patternProblem(values[0]!) : undefined;
}

function patternProblem(source: string): string | undefined {
  let pattern: RegExp;
  try {
    pattern = wholeValue(source);
  } catch (error) {
    return `no regular expression: ${(error as Error).message}`;
  }
  return nestsRepetition(pattern) || takesForEver(pattern)
    ? 'some texts would take it for ever: repeat nothing that repeats itself'
    : undefined;
}

/** The longest value of a label. */
const longestValue = 200;

/** Tries texts of what it mentions that end otherwise: where matching explodes, it does with them. */
function takesForEver(pattern: RegExp): boolean {
  const letters = new Set(['a', '0', ...pattern.source.replace(/\\./g, '')]);
  const texts = [...letters].slice(0, 64).map((letter) => `${letter.repeat(longestValue)}\0`);
  return bounded(longestMatchMs, () => texts.some((text) => pattern.test(text))) === undefined;
}

const operators = ['=~', '!~', '!=', '='] as const;

/**
 * Reads matchers as people and Alertmanager's tools write them: `team=platform`, `{alertname=~"api.*", "naïve label"!=""}`.
 * A value without quotes goes up to the next comma. Returns what is wrong where they cannot be read.
 */
export function parseMatchers(text: string): Matcher[] | { problem: string } {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? text;
  const matchers: Matcher[] = [];
  let rest = inner.trim();
  while (rest !== '') {
    const label = take(rest, /^[^\s"'{},=!~]+/);
    const operator = label && operators.find((each) => label.rest.startsWith(each));
    if (!label || !operator)
      return {
        problem: `${JSON.stringify(cut(rest))} is no matcher: write team="platform", or =~ != !~ for =`,
      };
    const value = take(label.rest.slice(operator.length).trimStart(), /^[^,"]*/);
    if (!value || !/^(,|$)/.test(value.rest))
      return { problem: `${JSON.stringify(cut(rest))}: put the value in double quotes, and a comma behind` };
    matchers.push({ label: label.text, operator, values: [value.text] });
    rest = value.rest.replace(/^,/, '').trimStart();
  }
  return matchers;
}

const quoted = /^"(?:[^"\\]|\\.)*"/s;

/** What stands at the beginning, in quotes or as `bare`; then what follows it. */
function take(text: string, bare: RegExp): { text: string; rest: string } | undefined {
  const inQuotes = quoted.exec(text)?.[0];
  const found = inQuotes ?? bare.exec(text)?.[0];
  if (found === undefined) return undefined;
  const said = inQuotes ? unescaped(inQuotes.slice(1, -1)) : found.trim();
  return { text: said, rest: text.slice(found.length).trimStart() };
}

const unescaped = (text: string) =>
  text.replace(/\\(.)/gs, (_, letter: string) => (letter === 'n' ? '\n' : letter === 't' ? '\t' : letter));

const escaped = (text: string) =>
  text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');

const cut = (text: string) => text.slice(0, 80);

/** `parseMatchers` reads it back. */
export const formatMatcher = ({ label, operator, values }: Matcher): string =>
  `${/^[\w.:-]+$/.test(label) ? label : `"${escaped(label)}"`}${operator}"${escaped(values.join('|'))}"`;

export const formatMatchers = (matchers: readonly Matcher[]): string =>
  matchers.map(formatMatcher).join(', ');
