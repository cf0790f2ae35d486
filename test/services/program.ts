import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Path of a program that npm does not bring, under the first of the names it is known by.
 * Throws, naming it, where it is missing: these tests fail rather than skip.
 */
export function program(...names: string[]): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => isProgram(file));
  if (!found)
    throw new Error(`${names.join(' or ')} is not on the PATH: install it, as .ci/run does, and test again`);
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
