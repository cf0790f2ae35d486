import { createContext, Script } from 'node:vm';
import { compilePattern } from './pattern.ts';

/** Milliseconds one match may take: some patterns take exponential time on some texts, and a check must end. */
export const longestMatch = 100;

const script = new Script('pattern.test(text)');
const context = createContext({ pattern: /(?:)/, text: '' });

/**
 * Prepares a regular expression literal. The result tells whether a text matches; undefined where that took longer than
 * `longestMatch`. Throws `SyntaxError` where it is no regular expression.
 */
export function matcher(literal: string): (text: string) => boolean | undefined {
  const pattern = compilePattern(literal);
  return (text) => {
    Object.assign(context, { pattern, text });
    try {
      return script.runInContext(context, { timeout: longestMatch });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
      throw error;
    }
  };
}
