import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { formatProblem } from '../shared/config/problems.ts';
import { missingName } from './missing-name.ts';

/** A config file that gave no configuration. The message says which file, what is wrong and what to do. */
export class ConfigFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ConfigFileError';
  }
}

/** The config of this clone, used unless another is named. */
export const defaultConfigFile = fileURLToPath(new URL('../tocsin.config.ts', import.meta.url));

const entry = new URL('../shared/config/index.ts', import.meta.url).href;

let isPrepared = false;

/**
 * Lets a file anywhere on the disk import `tocsin`, which is this very clone, and takes TypeScript for modules, whatever the package
 * around it says.
 */
function prepareLoader(): void {
  if (isPrepared) return;
  isPrepared = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === 'tocsin') return { url: entry, format: 'module-typescript', shortCircuit: true };
      const resolved = nextResolve(specifier, context);
      return resolved.url.endsWith('.ts') ? { ...resolved, format: 'module-typescript' } : resolved;
    },
  });
}

/**
 * What a config file exports by default, unchecked. The file may lie anywhere, in TypeScript or JavaScript.
 * @param path relative to the working directory, or absolute
 * @throws ConfigFileError where the file is missing, cannot be read as a program, fails, or exports nothing
 */
export async function loadConfigFile(path: string): Promise<unknown> {
  const file = resolve(path);
  if (!existsSync(file))
    throw new ConfigFileError(`${file} does not exist: write it, or name another with --config FILE`);
  prepareLoader();
  const exported = await importFile(file);
  if (exported.default === undefined)
    throw new ConfigFileError(`${file} has no default export: write export default defineConfig({ … })`);
  return exported.default;
}

async function importFile(file: string): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const missing = await missingNameIn(error);
    throw new ConfigFileError(
      missing
        ? formatProblem({ path: `${file}: import from 'tocsin'`, ...missing })
        : `${file} cannot be loaded: ${describe(error, file)}`,
      error,
    );
  }
}

/** What to write in place of a name that is imported from here and is not here; undefined for any other error. */
async function missingNameIn(error: unknown) {
  const { message = '' } = error as Error;
  const name = /module 'tocsin' does not provide an export named '(.+)'/.exec(message)?.[1];
  return name === undefined ? undefined : missingName(name, Object.keys(await import(entry)));
}

/** The error in one line, with the line of the file where it arose. */
function describe(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const after = error.stack?.split(`${file}:`)[1] ?? error.stack?.split(`${pathToFileURL(file)}:`)[1];
  const line = /^\d+/.exec(after ?? '')?.[0];
  return `${error.name}: ${error.message}${line ? ` (line ${line})` : ''}`;
}
