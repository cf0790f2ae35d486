import type { Command } from './command.ts';
import { validate } from './validate.ts';

/** Every command, by its name. */
export const commands: Record<string, Command> = { validate };
