import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serveHttp } from '../support/servers.ts';
import { clone, tocsin } from '../support/tocsin.ts';

const key = 'decoy-key-4711';

/** Answers by path: a status, or for `/echo` all that it was sent. */
const serveSite = () =>
  serveHttp((request, response) => {
    const status = Number(/\d{3}/.exec(request.url ?? '')?.[0] ?? 200);
    const said = request.url === '/echo' ? JSON.stringify(request.headers) : 'hello';
    response.writeHead(status, { 'content-type': 'text/plain' }).end(said);
  });

/** A config with these monitors, as one writes them; `site` is where the server is. */
async function configOf(...monitors: string[]): Promise<string> {
  const { port } = await serveSite();
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'site.config.ts');
  writeFileSync(
    file,
    `import { api, defineConfig, heartbeat, http, secret } from 'tocsin';
     const site = 'http://127.0.0.1:${port}';
     const watch = (id, path, more) => http(id, { url: site + path, localOnly: true, ...more });
     export default defineConfig({ name: 'site', monitors: [${monitors.join()}] });`,
  );
  return file;
}

const well = `watch('website', '/')`;
const broken = `watch('checkout', '/503', { expect: ['status == 200', 'body contains hello'] })`;
const slow = `watch('slow', '/', { degraded: ['responseTime < 0ms'] })`;
const keyless = `watch('keyless', '/', { headers: { 'x-key': secret('shop-key') } })`;

const check = (config: string, ...args: string[]) => tocsin(['check', '--config', config, ...args]);

test('tells of every monitor in a line, of what is not up in more, and ends with 1', async () => {
  const { code, out } = await check(await configOf(well, broken, slow, keyless));

  expect(code).toBe(1);
  const lines = out
    .replaceAll(/[\d.]+ ms/g, 'N ms')
    .trimEnd()
    .split('\n');
  const look = [
    '    condition-failed: expected status == 200, got 503',
    '    ✗ status == 200, saw 503',
    '    127.0.0.1 · connect N ms, first byte N ms, transfer N ms',
    '    answer: hello',
  ];
  expect(lines).toEqual([
    '✓ website   up        N ms · 200',
    '✗ checkout  down      N ms · 503 · expected status == 200, got 503',
    '    look 1 of 2',
    ...look,
    '    look 2 of 2',
    ...look,
    expect.stringMatching(/^! slow {6}degraded {2}N ms · 200 · expected responseTime < 0ms, got N ms$/),
    '    condition-failed',
    '    ✗ responseTime < 0ms, saw N ms',
    '    127.0.0.1 · connect N ms, first byte N ms, transfer N ms',
    '    answer: hello',
    '? keyless   unknown   secret shop-key is missing: export SHOP_KEY=…, or put it into .env',
    '    secret-missing',
    '',
    '4 monitors: 1 up, 1 degraded, 1 down, 1 unknown',
  ]);
});

test('checks those that are named, and ends with 0 where none is down; degraded is not down', async () => {
  const { code, out } = await check(await configOf(broken, slow, well), 'website', 'slow');
  expect(code).toBe(0);
  expect(out).toMatch(/^! slow[\s\S]*^✓ website[\s\S]*^2 monitors: 1 up, 1 degraded$/m);
  expect(out).not.toContain('checkout');
});

test('what could not be checked may be down: it ends with 1', async () => {
  expect(await check(await configOf(keyless))).toMatchObject({ code: 1 });
});

test('of a monitor of several requests each is told', async () => {
  const steps = `steps: [{ name: 'login', url: site + '/' }, { name: 'cart', url: site + '/503' }]`;
  const { code, out } = await check(await configOf(`api('shop', { localOnly: true, ${steps} })`));
  expect(code).toBe(1);
  expect(out).toMatch(/^ {4}✓ login {2}200 {2}\d+ ms$/m);
  expect(out).toMatch(/^ {4}✗ cart {2}503 {2}\d+ ms {2}expected /m);
});

test('--debug has every step, and no secret in it', async () => {
  const config = await configOf(`watch('shop', '/echo', { headers: { 'x-key': secret('shop-key') } })`);
  const { code, out } = await tocsin(['check', '--debug', '--config', config], {
    environment: { SHOP_KEY: key },
  });
  expect(code).toBe(0);
  for (const step of ['connecting to 127.0.0.1', '> GET /echo HTTP/1.1', '> x-key: ***', '< HTTP/1.1 200 OK'])
    expect(out).toContain(` ms  ${step}`);
  expect(out).toContain('✓ status in 200-399: 200');
  expect(out).not.toContain(key);
});

test('signs with the credentials of whoever runs it', async () => {
  const auth = `auth: { sigv4: { service: 'execute-api', region: 'eu-central-1' } }`;
  const config = await configOf(`watch('signed', '/', { ${auth} })`);
  const secretKey = 'decoy-secret-access-key';
  const run = (environment: Record<string, string | undefined>) =>
    tocsin(['check', '--debug', '--config', config], { environment });
  const { code, out } = await run({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: secretKey });
  expect([code, out]).toEqual([0, expect.stringContaining('> x-amz-date: ')]);
  expect(out).not.toContain(secretKey);
  expect(await run({ AWS_ACCESS_KEY_ID: undefined })).toMatchObject({ code: 1 });
});

test('leaves out heartbeats, whose jobs tell by themselves', async () => {
  const config = await configOf(well, `heartbeat('backup', '1d')`);
  expect((await check(config)).out).toMatch(/^1 monitor: 1 up$/m);
  expect(await check(config, 'backup')).toMatchObject({
    code: 2,
    error: expect.stringContaining('backup is a heartbeat, which tells by itself'),
  });
});

/** Fields of the JSON, as documented. */
const documented = [
  ...readFileSync(join(clone, 'docs/checking.md'), 'utf8')
    .split('### JSON')[1]!
    .matchAll(/^\| `(\w+)` \|/gm),
].map(([, field]) => field);

test('--json is a list with the documented fields, for programs', async () => {
  const { code, out } = await check(await configOf(well, broken), '--json', '--debug');
  expect(code).toBe(1);
  const seen = JSON.parse(out) as Record<string, unknown>[];
  expect(seen).toMatchObject([
    {
      monitor: 'website',
      name: 'website',
      kind: 'http',
      outcome: 'up',
      status: 200,
      attempts: [
        { outcome: 'up', transcript: expect.arrayContaining([{ ms: expect.any(Number), text: 'up' }]) },
      ],
    },
    {
      monitor: 'checkout',
      outcome: 'down',
      reason: 'condition-failed',
      failures: [{ line: 'status == 200', seen: '503' }],
      attempts: [{ outcome: 'down' }, { outcome: 'down', excerpt: 'hello' }],
    },
  ]);
  expect(seen[0]!.at).toBe(new Date(String(seen[0]!.at)).toISOString());
  const attempts = seen.flatMap((each) => each.attempts as object[]);
  const fields = new Set([...seen, ...attempts].flatMap((each) => Object.keys(each)));
  expect([...fields].filter((field) => !documented.includes(field))).toEqual([]);
});

test('every field that an attempt may have is documented, and no other', () => {
  const source = readFileSync(join(clone, 'shared/monitors/observation.ts'), 'utf8');
  const [, attempt] = /export interface Attempt \{([\s\S]*?)^\}/m.exec(source)!;
  const fields = [...attempt!.matchAll(/^ {2}(\w+)\??:/gm)].map(([, field]) => field);
  const beside = ['monitor', 'name', 'kind', 'attempts', 'transcript'];
  expect(documented.toSorted()).toEqual([...fields, ...beside].toSorted());
});

test('shows colours where they are wanted', async () => {
  const config = await configOf(well);
  const run = async (environment: Record<string, string>) =>
    (
      await tocsin(['check', '--config', config], {
        environment: { FORCE_COLOR: undefined!, ...environment },
      })
    ).out;
  expect(await run({})).not.toContain('\u001b');
  expect(await run({ FORCE_COLOR: '1' })).toContain('\u001b[32m✓ website');
});

test.each([
  [['websit'], 'no monitor websit: did you mean website?'],
  [['nothing-like-it'], 'there are: website'],
  [['--jason'], "Unknown option '--jason'"],
])('%j is wrong usage', async (args, words) => {
  expect(await check(await configOf(well), ...args)).toMatchObject({
    code: 2,
    error: expect.stringContaining(words),
  });
});
