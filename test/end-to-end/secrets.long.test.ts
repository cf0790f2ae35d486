import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient, paginateListTables, paginateScan } from '@aws-sdk/client-dynamodb';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../infra/local/runtime.ts';
import { escapeHtml } from '../../shared/notifications/email/html.ts';
import { clone, tocsin } from '../support/tocsin.ts';
import { changeable, launch, remove, type Stack, synthesized } from './stage.ts';

/** What is in each secret and nowhere else; no encoding but base64 changes it. */
const marks = {
  basic: 'decoy0basic7f3a',
  bearer: 'decoy1bearer9c4b',
  header: 'decoy2header2e8d',
  slack: 'decoy3slackB6a1f',
  smtp: 'decoy4smtp5d7e',
  otherSmtp: 'decoy5smtp8b2c',
  token: 'decoy6token3f9a',
};

/** As awkward as secrets may be: every encoding changes them. */
const credentials = {
  BASIC_PASSWORD: `p/${marks.basic}"&<é>+=%20:`,
  BEARER_TOKEN: `${marks.bearer}/+"&'<t> ==`,
  HEADER_KEY: `{"key":"${marks.header}\\n%2f"}`,
};

/** A text in base64 wherever it begins within what was encoded: the letters that depend on its neighbours are left out. */
const inBase64 = (text: string) =>
  [0, 1, 2].map((before) =>
    Buffer.from(' '.repeat(before) + text)
      .toString('base64')
      .slice(before && before + 1, before + Math.floor((text.length * 4) / 3) - 2)
      .replace(/=+$/, ''),
  );

/** The secrets that a text holds, as they are or in base64. */
const leaksIn = (text: string): string[] =>
  Object.values(marks).flatMap((mark) => [mark, ...inBase64(mark)].filter((form) => text.includes(form)));

/** How a target repeats a credential. */
const echoes: Record<string, (credential: string, respond: Respond) => void> = {
  plain: (credential, respond) => respond(500, `refused: ${credential}`),
  json: (credential, respond) =>
    respond(500, JSON.stringify({ echo: { deep: JSON.stringify({ credential }) } })),
  html: (credential, respond) =>
    respond(500, `<p title="${escapeHtml(credential)}">${escapeHtml(credential)}`),
  percent: (credential, respond) =>
    respond(500, `${encodeURIComponent(credential)} ${encodeURI(credential)}`),
  'lower-percent': (credential, respond) =>
    respond(
      500,
      encodeURIComponent(credential).replaceAll(/%../g, (code) => code.toLowerCase()),
    ),
  form: (credential, respond) => respond(500, new URLSearchParams({ credential }).toString()),
  base64: (credential, respond) =>
    respond(
      500,
      ['base64', 'base64url'].map((to) => Buffer.from(credential).toString(to as 'hex')).join(' '),
    ),
  'cut-at-500': (credential, respond) => respond(500, 'x'.repeat(490) + credential),
  'cut-at-2000': (credential, respond) => respond(500, `${'x'.repeat(200)}${' '.repeat(1_790)}${credential}`),
  'cut-at-200': (credential, respond) => respond(200, JSON.stringify({ echo: 'y'.repeat(187) + credential })),
  header: (credential, respond) => respond(200, 'fine', { 'x-echo': credential }),
  redirect: (credential, respond) =>
    respond(302, '', { location: `/loop/${encodeURIComponent(credential)}?again=${encodeURI(credential)}` }),
  'redirect-raw': (credential, respond) => respond(302, '', { location: `file:///${credential}` }),
  'redirect-path': (credential, respond) => respond(302, '', { location: `/loop/${encodeURI(credential)}` }),
};

type Respond = (status: number, body: string, headers?: Record<string, string>) => void;

/** The secret of a request: the one header that has one. */
function credentialOf(headers: Record<string, unknown>): string {
  const value = String(headers['x-api-key'] ?? headers.authorization ?? '').replace(/^(Basic|Bearer) /, '');
  if (!String(headers.authorization).startsWith('Basic')) return value;
  return Buffer.from(value, 'base64')
    .toString()
    .replace(/^probe:/, '');
}

const startTarget = () =>
  changeable((request, response) => {
    const credential = credentialOf(request.headers);
    const respond: Respond = (status, body, headers = {}) => response.writeHead(status, headers).end(body);
    const [, kind = '', echo = ''] = /^\/(loop\/)?(.*)/.exec(request.url ?? '') ?? [];
    if (kind) return echoes.redirect!(credential, respond);
    seen.add(credential);
    (echoes[echo] ?? (() => response.destroy()))(credential, respond);
  });

const seen = new Set<string>();

/** A mail server that repeats what it was told when it refuses: one the mail, the other the password. */
async function startMailServer(refuses: 'mail' | 'password', told: string) {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      seen.add(String(password));
      if (refuses === 'mail') return done(null, { user: username ?? '' });
      done(Object.assign(new Error(`no user ${username} with ${password}`), { responseCode: 535 }));
    },
    onData(stream, _session, done) {
      stream.resume().on('end', () => {
        const encoded = Buffer.from(told).toString('base64');
        done(Object.assign(new Error(`not from ${told} or ${encoded}`), { responseCode: 554 }));
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise<void>((resolve) => server.close(resolve)) };
}

const textsIn = async (directory: string): Promise<Record<string, string>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')])),
  );
};

const client = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

async function itemsIn({ endpoint }: Stack): Promise<Record<string, string>> {
  const dynamodb = new DynamoDBClient({ ...client, endpoint });
  const items: Record<string, string> = {};
  for await (const { TableNames = [] } of paginateListTables({ client: dynamodb }, {}))
    for (const TableName of TableNames)
      for await (const { Items } of paginateScan({ client: dynamodb }, { TableName }))
        items[TableName] = (items[TableName] ?? '') + JSON.stringify(Items);
  dynamodb.destroy();
  return items;
}

/** Every page that can be reached by links, and what the API answers about the same. */
async function crawled({ url }: Stack): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  const todo = ['/', '/api/monitors', '/api/incidents', '/api/alarms', '/local/outbox', '/local/logs'];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (next in answers) continue;
    const answer = await fetch(url + next);
    const text = await answer.text();
    answers[next] = JSON.stringify([...answer.headers]) + text;
    const links = [...text.matchAll(/(?:href|src)="(\/[^"/][^"]*|\/)"/g)].map(([, link = '']) => link);
    const resources = links
      .filter((link) => /^\/(monitors|incidents)\/[^/]+$/.test(link))
      .map((link) => `/api${link}`);
    todo.push(...links, ...resources);
  }
  return answers;
}

let template: string;
let stateDir: string;
let stack: Stack;
const closing: (() => Promise<unknown>)[] = [];

describe('a secret', () => {
  let secrets: Record<string, string>;

  beforeAll(async () => {
    const target = await startTarget();
    const smtp = await startMailServer('mail', marks.smtp);
    const otherSmtp = await startMailServer('password', marks.otherSmtp);
    const slackPath = `/services/T0VAULT/B0VAULT/${marks.slack}`;
    const slackServer = await changeable((request, response) => {
      seen.add(String(request.url));
      const quoted = `${slackServer.url}${request.url} ${request.url} ${encodeURIComponent(slackPath)} ${marks.slack}`;
      response.writeHead(404, { 'x-request-url': slackPath }).end(`no_service at ${quoted}`);
    });
    secrets = {
      ...credentials,
      SLACK_WEBHOOK: slackServer.url + slackPath,
      SMTP_URL: `smtp://mailer:${marks.smtp}@127.0.0.1:${smtp.port}`,
      OTHER_SMTP_URL: `smtp://mailer:${marks.otherSmtp}@127.0.0.1:${otherSmtp.port}`,
    };
    const ways = [...Object.keys(echoes), 'broken'];
    template = await synthesized('secrets.config.ts', {
      ...secrets,
      TARGET_URL: target.url,
      ECHOES: JSON.stringify(ways),
    });
    stateDir = await mkdtemp(path.join(tmpdir(), 'tocsin-secrets-'));
    stack = await launch(template, secrets, { stateDir });
    closing.push(...[target, smtp, otherSmtp, slackServer].map(({ close }) => close));
    await stack.advance('2m');
    await fetch(`${stack.url}/api/incidents`, { headers: { authorization: `Bearer ${marks.token}` } });
    await stack.advance('2m');
  }, 120_000);

  afterAll(async () => {
    await stack.stop();
    await Promise.all(closing.map((close) => close()));
    await Promise.all([remove(template), remove(stateDir)]);
  });

  it('is used as it is', async () => {
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...Object.values(credentials),
        expect.stringContaining(marks.slack),
        marks.smtp,
        marks.otherSmtp,
      ]),
    );
    expect(await stack.incidents()).not.toHaveLength(0);
  });

  it.each<[string, () => Promise<Record<string, string>> | Record<string, string>]>([
    ['in no file of the template', () => textsIn(template)],
    ['in no table', () => itemsIn(stack)],
    ['in no line that a function wrote', () => ({ logs: JSON.stringify(stack.logs.read()) })],
    ['in no line that the runtime wrote', () => ({ lines: stack.lines.join('\n') })],
    ['in nothing that was sent', () => ({ outbox: JSON.stringify(stack.outbox()) })],
    ['on no page and in no answer', () => crawled(stack)],
    ['in no file of the state: messages, metrics, tables', () => textsIn(stateDir)],
  ])('is %s', async (_case, places) => {
    const texts = Object.entries(await places());
    expect(texts).not.toHaveLength(0);
    expect(texts.join('').length).toBeGreaterThan(0);
    const leaks = texts.flatMap(([place, text]) => leaksIn(text).map((leak) => `${place}: ${leak}`));
    expect(leaks).toEqual([]);
  });
});

describe('a secret that stands in the config', () => {
  const config = path.join(clone, 'test/fixtures/end-to-end/secrets-in-clear.config.ts');

  it('is refused by validate, and not repeated', async () => {
    const { code, out, error } = await tocsin(['validate', '--config', config]);

    expect(code).toBe(1);
    expect(error).toContain("secret('ops-webhook')");
    expect(out + error).not.toMatch(/CLEARTEXT/i);
  });

  it('is refused by the start, and not repeated', async () => {
    const refused = await start({ config }).catch((error: Error) => error.message);

    expect(refused).toContain("secret('ops-webhook')");
    expect(refused).not.toMatch(/CLEARTEXT/i);
  });
});
