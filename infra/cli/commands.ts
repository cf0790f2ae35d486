import type { Command } from './command.ts';
import { login } from './login.ts';
import { validate } from './validate.ts';

/** Every command, by its name. */
export const commands: Record<string, Command> = { login, validate };
