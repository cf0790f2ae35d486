import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Monitor } from '../../shared/config/config.ts';
import { type LocalRequest, type LocalResponse, text } from './listen.ts';

const port = 4510;
const server = fileURLToPath(new URL('../../examples/demo-site/server.ts', import.meta.url));

/** Whether a monitor watches the demo site, whatever its kind calls the address. */
export const isDemoSite = ({ settings }: Pick<Monitor, 'settings'>): boolean =>
  /(localhost|127\.0\.0\.1):4510\b/.test(JSON.stringify(settings));

/** Starts the demo site as a process of its own, as a monitored site would be. */
export function startDemoSite(): ChildProcess {
  return spawn(process.execPath, [server, String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Hands a switch of the console on to the demo site, and the browser back to where it came from. */
export async function switchDemoSite({ method, headers, body }: LocalRequest): Promise<LocalResponse> {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const wanted = body.toString();
  const control = isForm ? JSON.stringify(Object.fromEntries(new URLSearchParams(wanted))) : wanted;
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/_control`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(method === 'POST' && { body: control }),
      signal: AbortSignal.timeout(5_000),
    });
    if (isForm && answer.ok) return { status: 303, headers: { location: back(headers.referer) } };
    const type = answer.headers.get('content-type') ?? 'text/plain';
    return { status: answer.status, headers: { 'content-type': type }, body: await answer.text() };
  } catch {
    return text(502, `the demo site does not answer on port ${port}`);
  }
}

/** Path of the page a form was sent from; another origin's is refused before. */
const back = (referer: string | undefined) =>
  referer && URL.canParse(referer) ? new URL(referer).pathname : '/';
