import { execFile } from 'node:child_process';

export const clone = new URL('../..', import.meta.url).pathname;

/** Runs the command line as npm does: in the clone, with the user's own folder in INIT_CWD. */
export function tocsin(args: string[], from = clone): Promise<{ code: unknown; out: string; error: string }> {
  const env = { ...process.env, INIT_CWD: from, SITE_URL: undefined };
  return new Promise((resolve) =>
    execFile(process.execPath, ['infra/cli/main.ts', ...args], { cwd: clone, env }, (failure, out, error) =>
      resolve({ code: failure ? failure.code : 0, out, error }),
    ),
  );
}
