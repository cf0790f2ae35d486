import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { parseDuration } from '../../shared/duration.ts';
import { apiOptions, apiUsage, askApi, type Where } from './api.ts';
import { type Command, type ExitCode, UsageError } from './command.ts';
import { readOptions } from './options.ts';

const pauseOptions = { ...apiOptions, for: { type: 'string' }, reason: { type: 'string' } } as const;

/** Pauses a monitor of the system that is deployed, or of the one that runs at `--url`. */
export const pause: Command = {
  summary: 'pauses a monitor: no check, no alarm, and the time is outside of its uptime',
  usage: `MONITOR [--for 2h] [--reason TEXT] ${apiUsage}`,
  async run([monitor, ...rest]) {
    const id = named('pause', monitor);
    const { for: lasts, reason, ...where } = readOptions(rest, pauseOptions);
    const ms = lasts === undefined ? undefined : parseDuration(lasts);
    if (lasts !== undefined && !ms) throw new UsageError(`--for ${lasts}: it is a time like 30m, 2h or 1d`);
    return ask(where, `${id}/pause`, {
      actor: userInfo().username,
      ...(reason !== undefined && { reason }),
      ...(ms && { until: new Date(Date.now() + ms).toISOString() }),
    });
  },
};

/** Ends the pause of a monitor. */
export const resume: Command = {
  summary: 'ends the pause of a monitor',
  usage: `MONITOR ${apiUsage}`,
  async run([monitor, ...rest]) {
    const id = named('resume', monitor);
    return ask(readOptions(rest, apiOptions), `${id}/resume`, {});
  },
};

function named(command: string, monitor: string | undefined): string {
  if (monitor === undefined || monitor.startsWith('-')) throw new UsageError(`${command}: which monitor?`);
  return encodeURIComponent(monitor);
}

/** What the API says of a monitor, as far as it is shown. */
const told = z.object({
  name: z.string(),
  paused: z.optional(z.object({ until: z.optional(z.string()) })),
});

async function ask(where: Where, path: string, body: object): Promise<ExitCode> {
  const { name, paused } = await askApi(where, `monitors/${path}`, told, { method: 'POST', body });
  const end = paused?.until ?? 'somebody resumes it';
  console.log(paused ? `${name} is paused until ${end}` : `${name} is not paused`);
  return 0;
}
