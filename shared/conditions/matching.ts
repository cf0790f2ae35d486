import { bounded } from './bounded.ts';
import { compilePattern } from './pattern.ts';

/** Milliseconds of the processor that one match may take: some patterns take exponential time on some texts, and a check must end. */
export const longestMatch = 100;

/**
 * Prepares a regular expression literal. The result tells whether a text matches; undefined where that took longer than
 * `longestMatch`. Throws `SyntaxError` where it is no regular expression.
 */
export function matcher(literal: string): (text: string) => boolean | undefined {
  const pattern = compilePattern(literal);
  return (text) => bounded(longestMatch, () => pattern.test(text))?.result;
}

/**
 * Likewise, but finds what the pattern's first group matches, or all of it where it has none: null where the text does not match,
 * and undefined where that took too long.
 */
export function finder(literal: string): (text: string) => string | null | undefined {
  const pattern = compilePattern(literal);
  return (text) => {
    const match = bounded(longestMatch, () => pattern.exec(text))?.result;
    return match && (match.length > 1 ? (match[1] ?? null) : match[0]);
  };
}
