import * as z from 'zod/mini';
import { openAccount } from './account.ts';
import { CommandError, UsageError } from './command.ts';
import { consoleAccess } from './login.ts';
import { configFile, configOption } from './options.ts';
import { readConfig } from './read-config.ts';

/** Options of commands that ask a system that runs. */
export const apiOptions = { ...configOption, url: { type: 'string' } } as const;

/** How those are shown in a usage line. */
export const apiUsage = '[--url http://localhost:4400] [--config FILE]';

/** A system: the one at a URL, or else the one that a config file deployed. */
export interface Where {
  config?: string | undefined;
  url?: string | undefined;
}

/** Milliseconds an answer may take, a cold start included. */
const deadlineMs = 15_000;

const refused = z.object({ error: z.object({ message: z.string() }) });

/**
 * Asks the API of a system, `monitors/shop/pause`, and reads the answer.
 * @throws CommandError where it does not answer, or refuses
 */
export async function askApi<Schema extends z.ZodMiniType>(
  where: Where,
  path: string,
  answer: Schema,
  request: Asked = {},
): Promise<z.output<Schema>> {
  return answer.parse(JSON.parse(await askApiForText(where, path, request)));
}

interface Asked {
  method?: 'POST' | 'DELETE';
  body?: object;
}

/** The same, with the answer as it is. @throws CommandError likewise */
export async function askApiForText(
  where: Where,
  path: string,
  { method, body }: Asked = {},
): Promise<string> {
  const { url, token } = await apiOf(where);
  const answered = await reach(`${url}/api/${path}`, {
    ...(method && { method }),
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answered.text();
  if (!answered.ok) throw new CommandError(`${url} answered ${answered.status}: ${reasonIn(text)}`);
  return text;
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
    return await fetch(url, { ...init, signal: AbortSignal.timeout(deadlineMs) });
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
