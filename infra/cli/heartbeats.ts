import { formatDuration } from '../../shared/duration.ts';
import { heartbeatsOf } from '../../shared/heartbeats/shards.ts';
import { openAccount } from './account.ts';
import { type Command, CommandError } from './command.ts';
import { consoleAccess } from './login.ts';
import { configFile, configOption, readOptions } from './options.ts';
import { readConfig } from './read-config.ts';

/** Milliseconds an answer may take, a cold start included. */
const deadlineMs = 20_000;

/** What the API says of a heartbeat. */
interface Heartbeat {
  state: string;
  expectedAt?: string;
  lastSuccessAt?: string;
  url: string;
}

/** Where jobs ping, and how they are. */
export const heartbeats: Command = {
  summary: 'shows where the jobs of heartbeat monitors ping, and how they are',
  usage: '[--url http://localhost:4400] [--json] [--config FILE]',
  async run(args) {
    const options = { ...configOption, url: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { config: file, url, json } = readOptions(args, options);
    const config = await readConfig(configFile(file), { local: url !== undefined });
    const access = url
      ? { url: url.replace(/\/$/, ''), token: undefined }
      : await consoleAccess(await openAccount(config), config.name);
    const found = [];
    for (const { id } of heartbeatsOf(config)) found.push({ id, ...(await readHeartbeat(access, id)) });
    console.log(json ? JSON.stringify(found, undefined, 2) : written(found, Date.now()));
    return 0;
  },
};

async function readHeartbeat(
  { url, token }: { url: string; token: string | undefined },
  id: string,
): Promise<Heartbeat> {
  const answer = await fetch(`${url}/api/monitors/${encodeURIComponent(id)}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(deadlineMs),
  }).catch((error) => {
    throw new CommandError(`${url} does not answer\nnpm run tocsin -- doctor`, { cause: error });
  });
  const { heartbeat } = answer.ok ? ((await answer.json()) as { heartbeat?: Heartbeat }) : {};
  if (!heartbeat)
    throw new CommandError(
      `${url} does not say where ${id} pings (${answer.status})\nnpm run deploy   # with this config`,
    );
  return heartbeat;
}

function written(found: (Heartbeat & { id: string })[], now: number): string {
  if (found.length === 0) return "the config has no heartbeat: add heartbeat('nightly-backup', '1d')";
  return found
    .map(({ id, state, lastSuccessAt, url }) => {
      const last = lastSuccessAt
        ? `, last success ${formatDuration(now - Date.parse(lastSuccessAt))} ago`
        : '';
      return `${id}: ${state}${last}\n  curl -fsS -m 10 --retry 5 -o /dev/null ${url}`;
    })
    .join('\n');
}
