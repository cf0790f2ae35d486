import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { RecordedCall } from '../support/aws-account.ts';
import { program } from './program.ts';

/** What of the calls does not fit the models of AWS's own SDK. */
export function misfits(calls: RecordedCall[]): string[] {
  const checker = path.join(import.meta.dirname, 'service-models.py');
  const { stdout, stderr, status } = spawnSync(program('python3'), [checker], {
    input: JSON.stringify(calls),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`service-models.py ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
