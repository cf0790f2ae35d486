import { check } from './check/check.ts';
import type { Command } from './command.ts';
import { cost } from './cost.ts';
import { deploy } from './deploy/deploy.ts';
import { destroy } from './destroy.ts';
import { doctor } from './doctor/doctor.ts';
import { heartbeats } from './heartbeats.ts';
import { login } from './login.ts';
import { pause, resume } from './pause.ts';
import { redrive } from './redrive.ts';
import { secrets } from './secrets.ts';
import { testAlert } from './test-alert/test-alert.ts';
import { validate } from './validate.ts';

/** Every command, by its name. */
export const commands: Record<string, Command> = {
  check,
  cost,
  deploy,
  destroy,
  doctor,
  heartbeats,
  login,
  pause,
  redrive,
  resume,
  secrets,
  'test-alert': testAlert,
  validate,
};
