import { dirname } from 'node:path';
import type { Config } from '../../shared/config/config.ts';
import { formatProblem } from '../../shared/config/problems.ts';
import { resolve } from '../../shared/config/resolve.ts';
import { loadConfigFile } from '../config-file.ts';
import { CommandError } from './command.ts';

/**
 * The resolved config of a file, as it runs on AWS.
 * @param options.local keep what runs under `npm start` only; default false
 * @throws CommandError with everything that is wrong with it, and ConfigFileError
 */
export async function readConfig(file: string, { local = false } = {}): Promise<Config> {
  const resolved = resolve(await loadConfigFile(file), { local, from: dirname(file) });
  if ('config' in resolved) return resolved.config;
  const problems = resolved.problems.map(formatProblem).join('\n\n');
  throw new CommandError(
    `${problems}\n\n${file} is not valid; when it is mended: npm run tocsin -- validate`,
  );
}
