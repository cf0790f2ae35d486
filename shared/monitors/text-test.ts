import { longestMatch, matcher } from '../conditions/matching.ts';
import { AttemptFailed } from './failure.ts';

/** Tells whether what a target says matches a regular expression literal. Throws `AttemptFailed` where that takes too long. */
export function textTest(pattern: string): (text: string) => boolean {
  const matches = matcher(pattern);
  return (text) => {
    const result = matches(text);
    if (result === undefined)
      throw new AttemptFailed('protocol-error', `the pattern ${pattern} took longer than ${longestMatch} ms`);
    return result;
  };
}
