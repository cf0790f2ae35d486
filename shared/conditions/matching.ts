import { createContext, Script } from 'node:vm';
import { compilePattern } from './pattern.ts';

/** Milliseconds one match may take: some patterns take exponential time on some texts, and a check must end. */
export const longestMatch = 100;

const testing = new Script('pattern.test(text)');
const searching = new Script('pattern.exec(text)');
const context = createContext({ pattern: /(?:)/, text: '' });

/**
 * Prepares a regular expression literal. The result tells whether a text matches; undefined where that took longer than
 * `longestMatch`. Throws `SyntaxError` where it is no regular expression.
 */
export function matcher(literal: string): (text: string) => boolean | undefined {
  const pattern = compilePattern(literal);
  return (text) => run(testing, pattern, text);
}

/**
 * Likewise, but finds what the pattern's first group matches, or all of it where it has none: null where the text does not match,
 * and undefined where that took too long.
 */
export function finder(literal: string): (text: string) => string | null | undefined {
  const pattern = compilePattern(literal);
  return (text) => {
    const match: RegExpExecArray | null | undefined = run(searching, pattern, text);
    return match && (match.length > 1 ? (match[1] ?? null) : match[0]);
  };
}

function run(script: Script, pattern: RegExp, text: string) {
  Object.assign(context, { pattern, text });
  try {
    return script.runInContext(context, { timeout: longestMatch });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
