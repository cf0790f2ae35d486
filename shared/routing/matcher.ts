import type { Matcher } from './route.ts';

/** Whether all matchers fit. */
export const fits = (matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean =>
  matchers.every((matcher) =>
    fitsOne(matcher, Object.hasOwn(labels, matcher.label) ? labels[matcher.label]! : ''),
  );

function fitsOne(matcher: Matcher, value: string): boolean {
  switch (matcher.operator) {
    case '=':
      return matcher.values.includes(value);
    case '!=':
      return !matcher.values.includes(value);
    case '=~':
      return compiled(matcher).test(value);
    case '!~':
      return !compiled(matcher).test(value);
  }
}

const patterns = new WeakMap<Matcher, RegExp>();

/** Each once, however many incidents it is asked about. */
function compiled(matcher: Matcher): RegExp {
  const known = patterns.get(matcher);
  if (known) return known;
  const made = wholeValue(matcher.values[0] ?? '');
  patterns.set(matcher, made);
  return made;
}

/** A regular expression that the whole value must match, as in Alertmanager. Throws `SyntaxError` where it is none. */
export const wholeValue = (source: string): RegExp => new RegExp(`^(?:${source})$`, 'su');

/** A matcher as one line: `severity = critical, high`; a label that is missing is `''`. */
export const matcherText = ({ label, operator, values }: Matcher): string =>
  `${label} ${operator} ${values.map((value) => value || "''").join(', ')}`;

/** Matchers as one line; of none, what they say: everything. */
export const matchText = (matchers: readonly Matcher[]): string =>
  matchers.map(matcherText).join(', ') || 'everything';
