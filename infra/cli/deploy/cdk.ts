import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project, where `cdk.json` is. */
const clone = fileURLToPath(new URL('../../..', import.meta.url));
const program = fileURLToPath(new URL('../../../node_modules/aws-cdk/bin/cdk', import.meta.url));

/** Runs the pinned CDK in the project, on the person's own terminal. Resolves to its exit code; -1 where it was killed. */
export function runCdk(args: string[]): Promise<number> {
  const child = spawn(process.execPath, [program, ...args], { cwd: clone, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
}
