import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { defaultConfigFile } from '../config-file.ts';
import { UsageError } from './command.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options of every command that reads a config. */
export const configOption = { config: { type: 'string' } } as const satisfies Options;

/**
 * Options of a command's arguments; there are no others than `options`, and nothing beside them.
 * @throws UsageError
 */
export function readOptions<const Known extends Options>(args: string[], options: Known) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/**
 * The same, beside words that are no options.
 * @throws UsageError
 */
export function readArguments<const Known extends Options>(args: string[], options: Known) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Absolute path of the config file; npm runs us in the clone and tells in `INIT_CWD` where the user is. */
export const configFile = (named: string | undefined): string =>
  named === undefined ? defaultConfigFile : resolve(process.env.INIT_CWD ?? '', named);
