import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { start } from '../../infra/local/runtime.ts';
import { synthesize } from '../../infra/local/synth.ts';
import { parseDuration } from '../../shared/duration.ts';
import type { Incident } from '../../shared/incidents/incident.ts';
import type { LedgerRow } from '../../shared/notifications/delivery/ledger.ts';

/** When every test begins: a minute and an hour have just begun. */
export const noon = Date.UTC(2026, 10, 20, 12);

const fixtures = path.resolve(import.meta.dirname, '../fixtures/end-to-end');

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export const healthy: Behaviour = (_, response) => response.end('{"status":"healthy"}');
export const broken: Behaviour = (_, response) => {
  response.statusCode = 503;
  response.end('{"status":"unhealthy","error":"no database <b>connection</b>"}');
};

/** A server on loopback whose behaviour a test changes at will. */
export async function changeable(first: Behaviour) {
  let behaviour = first;
  const server = createServer((request, response) => behaviour(request, response));
  await listening(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave(next: Behaviour) {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

/** A Slack that keeps what it is sent and answers `ok`, or what `answer` was told for the next posts. */
export async function fakeSlack() {
  const received: SlackMessage[] = [];
  const answers: { status: number; body: string; headers?: Record<string, string> }[] = [];
  let always: (typeof answers)[number] | undefined;
  const server = await changeable((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { status, body: text, headers = {} } = answers.shift() ?? always ?? { status: 200, body: 'ok' };
      received.push({ status, ...JSON.parse(body) });
      response.writeHead(status, headers).end(text);
    });
  });
  return {
    url: `${server.url}/services/T000/B000/secret-part-of-the-url`,
    received,
    accepted: () => received.filter(({ status }) => status === 200),
    answer: (...next: typeof answers) => answers.push(...next),
    answerAlways: (answer: (typeof answers)[number] | undefined) => {
      always = answer;
    },
    close: server.close,
  };
}

export interface SlackMessage {
  /** What Slack answered. */
  status: number;
  text: string;
  attachments: { color: string; blocks: unknown[] }[];
}

/** A synthesized template of a fixture, for the tests of one file. */
export async function synthesized(config: string, environment: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tocsin-e2e-'));
  Object.assign(process.env, environment);
  await synthesize(directory, path.join(fixtures, config));
  return directory;
}

/** A copy of a template in which the functions whose code is like this throw on every call. */
export function sabotaged(template: string, isLike: (code: string) => boolean): string {
  const copy = `${template}-sabotaged`;
  cpSync(template, copy, { recursive: true });
  for (const folder of readdirSync(copy).filter((name) => name.startsWith('asset.'))) {
    const bundle = path.join(copy, folder, 'index.cjs');
    if (existsSync(bundle) && isLike(readFileSync(bundle, 'utf8')))
      writeFileSync(bundle, 'exports.handler = async () => { throw new Error("sabotage"); };');
  }
  return copy;
}

export const remove = (directory: string) => rm(directory, { recursive: true, force: true });

/** The whole stack from its real template, on a clock moved by hand; gone when the test is over. */
export async function raise(...args: Parameters<typeof launch>): Promise<Stack> {
  const stack = await launch(...args);
  onTestFinished(() => stack.stop());
  return stack;
}

/** The same for whoever stops it. Its state outlives it in `stateDir`, where there is one. */
export async function launch(
  template: string,
  secrets: Record<string, string>,
  { stateDir, from = noon }: { stateDir?: string; from?: number } = {},
) {
  const lines: string[] = [];
  const running = await start({
    template,
    secrets,
    ...(stateDir && { stateDir }),
    manualFrom: from,
    log: (line) => lines.push(line),
  });
  const api = async <Answer>(resource: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${running.url}/api/${resource}`, {
      ...(body && {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    if (!answer.ok) throw new Error(`${resource} answered ${answer.status}: ${await answer.text()}`);
    return answer.json() as Promise<Answer>;
  };
  const mailsTo = (address: string) => running.outbox().filter(({ to }) => to.includes(address));
  return {
    ...running,
    lines,
    api,
    mailsTo,
    advance: (duration: string) => running.manual!.advance(parseDuration(duration)!),
    incidents: async () => (await api<{ incidents: Incident[] }>('incidents')).incidents,
    ledger: async (incident: string) => (await api<{ ledger: LedgerRow[] }>(`incidents/${incident}`)).ledger,
  };
}

export type Stack = Awaited<ReturnType<typeof launch>>;
