import { compilePattern } from './pattern.ts';

/** Milliseconds one match may take: some patterns take exponential time on some texts, and a check must end. */
export const longestMatch = 100;

/** Where patterns are matched: made for the first of them, for most checks have none. */
let sandbox: ReturnType<typeof openSandbox> | undefined;

function openSandbox() {
  const { createContext, Script } = process.getBuiltinModule('node:vm');
  return {
    test: new Script('pattern.test(text)'),
    exec: new Script('pattern.exec(text)'),
    context: createContext({ pattern: /(?:)/, text: '' }),
  };
}

/**
 * Prepares a regular expression literal. The result tells whether a text matches; undefined where that took longer than
 * `longestMatch`. Throws `SyntaxError` where it is no regular expression.
 */
export function matcher(literal: string): (text: string) => boolean | undefined {
  const pattern = compilePattern(literal);
  return (text) => run('test', pattern, text);
}

/**
 * Likewise, but finds what the pattern's first group matches, or all of it where it has none: null where the text does not match,
 * and undefined where that took too long.
 */
export function finder(literal: string): (text: string) => string | null | undefined {
  const pattern = compilePattern(literal);
  return (text) => {
    const match: RegExpExecArray | null | undefined = run('exec', pattern, text);
    return match && (match.length > 1 ? (match[1] ?? null) : match[0]);
  };
}

function run(method: 'test' | 'exec', pattern: RegExp, text: string) {
  sandbox ??= openSandbox();
  Object.assign(sandbox.context, { pattern, text });
  try {
    return sandbox[method].runInContext(sandbox.context, { timeout: longestMatch });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
