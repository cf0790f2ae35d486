import { check } from './check/check.ts';
import type { Command } from './command.ts';
import { cost } from './cost.ts';
import { deploy } from './deploy/deploy.ts';
import { deployed } from './deployed.ts';
import { destroy } from './destroy.ts';
import { doctor } from './doctor/doctor.ts';
import { heartbeats } from './heartbeats.ts';
import { incidentsCommand } from './incidents.ts';
import { login } from './login.ts';
import { maintenance } from './maintenance.ts';
import { oncall } from './oncall.ts';
import { pause, resume } from './pause.ts';
import { postMortemCommand } from './post-mortem.ts';
import { redrive } from './redrive.ts';
import { secrets } from './secrets.ts';
import { silenceCommand } from './silence.ts';
import { simulateCommand } from './simulate/simulate.ts';
import { testAlert } from './test-alert/test-alert.ts';
import { validate } from './validate.ts';

/** Every command, by its name. */
export const commands: Record<string, Command> = {
  check,
  cost,
  deploy,
  deployed,
  destroy,
  doctor,
  heartbeats,
  incidents: incidentsCommand,
  login,
  maintenance,
  oncall,
  pause,
  'post-mortem': postMortemCommand,
  redrive,
  resume,
  secrets,
  silence: silenceCommand,
  simulate: simulateCommand,
  'test-alert': testAlert,
  validate,
};
