import { execFile } from 'node:child_process';

export const clone = new URL('../..', import.meta.url).pathname;

export interface Surroundings {
  /** The user's own folder. Default: the clone. */
  from?: string;
  /** Changes to the environment; undefined takes a variable away. */
  environment?: Record<string, string | undefined>;
  /** What is piped in. Default nothing. */
  input?: string;
}

/** Runs the command line as npm does: in the clone, with the user's own folder in INIT_CWD. */
export function tocsin(
  args: string[],
  { from = clone, environment = {}, input = '' }: Surroundings = {},
): Promise<{ code: unknown; out: string; error: string }> {
  const env = { ...process.env, INIT_CWD: from, SITE_URL: undefined, ...environment };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['infra/cli/main.ts', ...args],
      { cwd: clone, env },
      (failure, out, error) => resolve({ code: failure ? failure.code : 0, out, error }),
    );
    child.stdin?.end(input);
  });
}
