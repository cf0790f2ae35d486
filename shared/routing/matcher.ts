import type { Matcher } from './route.ts';

/** Whether all matchers fit. */
export const fits = (matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean =>
  matchers.every((matcher) => fitsOne(matcher, labels[matcher.label] ?? ''));

function fitsOne({ operator, values }: Matcher, value: string): boolean {
  switch (operator) {
    case '=':
      return values.includes(value);
    case '!=':
      return !values.includes(value);
    case '=~':
      return anchored(values[0]!).test(value);
    case '!~':
      return !anchored(values[0]!).test(value);
  }
}

/** The whole value must match, as in Alertmanager. */
const anchored = (source: string) => new RegExp(`^(?:${source})$`, 'su');

/** A matcher as one line: `severity = critical, high`. */
export const matcherText = ({ label, operator, values }: Matcher): string =>
  `${label} ${operator} ${values.join(', ')}`;
