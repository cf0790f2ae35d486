import { userInfo } from 'node:os';
import * as z from 'zod/mini';
import { parseDuration } from '../../shared/duration.ts';
import { openAccount } from './account.ts';
import { type Command, CommandError, type ExitCode, UsageError } from './command.ts';
import { consoleAccess } from './login.ts';
import { configFile, configOption, readOptions } from './options.ts';
import { readConfig } from './read-config.ts';

const urlOption = { ...configOption, url: { type: 'string' } } as const;
const pauseOptions = { ...urlOption, for: { type: 'string' }, reason: { type: 'string' } } as const;

/** Pauses a monitor of the system that is deployed, or of the one that runs at `--url`. */
export const pause: Command = {
  summary: 'pauses a monitor: no check, no alarm, and the time is outside of its uptime',
  usage: 'MONITOR [--for 2h] [--reason TEXT] [--url http://localhost:4400] [--config FILE]',
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
  usage: 'MONITOR [--url http://localhost:4400] [--config FILE]',
  async run([monitor, ...rest]) {
    const id = named('resume', monitor);
    return ask(readOptions(rest, urlOption), `${id}/resume`, {});
  },
};

function named(command: string, monitor: string | undefined): string {
  if (monitor === undefined || monitor.startsWith('-')) throw new UsageError(`${command}: which monitor?`);
  return encodeURIComponent(monitor);
}

interface Where {
  config?: string | undefined;
  url?: string | undefined;
}

/** What the API says of a monitor, as far as it is shown, and of what it refuses. */
const told = z.object({
  name: z.string(),
  paused: z.optional(z.object({ until: z.optional(z.string()) })),
});
const refused = z.object({ error: z.object({ message: z.string() }) });

async function ask(where: Where, path: string, body: object): Promise<ExitCode> {
  const { url, token } = await apiOf(where);
  const answer = await reach(`${url}/api/monitors/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new CommandError(`${url} answered ${answer.status}: ${reasonIn(text)}`);
  const { name, paused } = told.parse(JSON.parse(text));
  const end = paused?.until ?? 'somebody resumes it';
  console.log(paused ? `${name} is paused until ${end}` : `${name} is not paused`);
  return 0;
}

/** The system at a local address needs no token: its own port adds it. */
async function apiOf({ config: file, url }: Where): Promise<{ url: string; token?: string }> {
  if (url === undefined) {
    const config = await readConfig(configFile(file));
    return consoleAccess(await openAccount(config), config.name);
  }
  if (!URL.canParse(url)) throw new UsageError(`--url ${url}: it is an address like http://localhost:4400`);
  return { url: url.replace(/\/$/, '') };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
  } catch (error) {
    throw new CommandError(`${new URL(url).origin} does not answer\nnpm start   # where it should run here`, {
      cause: error,
    });
  }
}

/** The message of an error of ours; what anybody else answered as it is. */
function reasonIn(text: string): string {
  try {
    return refused.parse(JSON.parse(text)).error.message;
  } catch {
    return text.trim().slice(0, 200);
  }
}
