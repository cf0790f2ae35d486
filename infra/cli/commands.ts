import type { Command } from './command.ts';
import { doctor } from './doctor/doctor.ts';
import { login } from './login.ts';
import { secrets } from './secrets.ts';
import { validate } from './validate.ts';

/** Every command, by its name. */
export const commands: Record<string, Command> = { doctor, login, secrets, validate };
