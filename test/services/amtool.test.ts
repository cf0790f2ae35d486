import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, test } from 'vitest';
import { token } from '../api/fixtures.ts';
import { open } from '../api/requests.ts';
import { serveHttp } from '../support/servers.ts';
import { silencePorts } from '../support/suppression.ts';
import { program } from './program.ts';
import { temporaryDirectory } from './running.ts';

const run = promisify(execFile);

/** A system with one open incident, and Alertmanager's own tool pointed at it with this token. */
async function started(bearer = token) {
  const silences = silencePorts(Date.now);
  const { app } = open({ now: Date.now, silences });
  const { port } = await serveHttp(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const answer = await app.request(`http://${request.headers.host}${request.url}`, {
      method: request.method!,
      headers: request.headers as Record<string, string>,
      ...(body.length > 0 && { body }),
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
    await once(response, 'close');
  });
  const directory = temporaryDirectory('amtool');
  const config = path.join(directory, 'http.yml');
  writeFileSync(config, `authorization:\n  credentials: ${bearer}\n`);
  const file = program('amtool');
  const where = ['--alertmanager.url', `http://127.0.0.1:${port}`, '--http.config.file', config];
  const amtool = async (...args: string[]): Promise<string> =>
    (await run(file, [...where, ...args], { env: { HOME: directory } })).stdout.trim();
  const query = async (...args: string[]) =>
    JSON.parse(await amtool('--output', 'json', 'silence', 'query', ...args)) as {
      id: string;
      comment: string;
      status: { state: string };
    }[];
  return { amtool, query, silences };
}

const why = ['--author', 'ana', '--comment', 'deploy'];

it('adds, finds, shows and expires silences', async () => {
  const { amtool, query, silences } = await started();
  const id = await amtool(
    'silence',
    'add',
    'alertname=website',
    'env=~prod.*',
    'team!=sales',
    '--duration',
    '2h',
    ...why,
  );
  expect(await silences.readSilence(id)).toMatchObject({
    by: 'ana',
    comment: 'deploy',
    matchers: [
      { label: 'alertname', operator: '=', values: ['website'] },
      { label: 'env', operator: '=~', values: ['prod.*'] },
      { label: 'team', operator: '!=', values: ['sales'] },
    ],
  });
  expect(await query()).toMatchObject([{ id, comment: 'deploy', status: { state: 'active' } }]);
  expect(await query('alertname=website')).toHaveLength(1);
  expect(await query('alertname=other')).toEqual([]);
  expect(await amtool('silence', 'query')).toContain('alertname="website"');

  await amtool('silence', 'expire', id);
  expect(await query()).toEqual([]);
  expect(await query('--expired')).toMatchObject([{ id, status: { state: 'expired' } }]);
});

it('updates a silence, which keeps its id while only its end moves', async () => {
  const { amtool, query } = await started();
  const id = await amtool('silence', 'add', 'alertname=website', '--duration', '1h', ...why);
  await amtool('silence', 'update', id, '--duration', '3h', '--comment', 'longer');
  expect(await query()).toMatchObject([{ id, comment: 'longer' }]);
});

it('imports silences as it exports them', async () => {
  const { amtool, query } = await started();
  await amtool('silence', 'add', 'alertname=website', '--duration', '1h', ...why);
  const exported = path.join(temporaryDirectory('silences'), 'silences.json');
  writeFileSync(exported, JSON.stringify(await query()));
  const other = await started();
  await other.amtool('silence', 'import', exported, '--force');
  expect(await other.query()).toMatchObject([{ comment: 'deploy', status: { state: 'active' } }]);
  expect(await query()).toHaveLength(1);
});

it('lists open incidents as alerts, without those that are silenced', async () => {
  const { amtool } = await started();
  const alerts = async (...args: string[]) =>
    JSON.parse(await amtool('--output', 'json', 'alert', 'query', ...args)) as object[];
  expect(await alerts()).toMatchObject([
    { labels: { alertname: 'website', team: 'platform' }, status: { state: 'active' } },
  ]);
  const id = await amtool('silence', 'add', 'team=platform', ...why);
  expect(await alerts()).toEqual([]);
  expect(await alerts('--silenced')).toMatchObject([{ status: { state: 'suppressed', silencedBy: [id] } }]);
  expect(await alerts('--silenced', 'alertname=other')).toEqual([]);
});

it('shows the status', async () => {
  expect(await (await started()).amtool('config', 'show')).toContain('tocsin.config.ts');
});

test.each([
  ['a pattern that may take for ever', ['silence', 'add', 'team=~(a+)+b', ...why]],
  ['a silence of everything', ['silence', 'add', 'team=~.*', ...why]],
  ['the id of no silence', ['silence', 'expire', '00000000-0000-0000-0000-000000000000']],
])('it is told why not: %s', async (_, args) => {
  const { amtool } = await started();
  await expect(amtool(...args)).rejects.toMatchObject({
    stderr: expect.stringMatching(/for ever|silence everything|no silence|404/),
  });
});

it('is refused with another token', async () => {
  await expect((await started('decoy')).amtool('silence', 'query')).rejects.toMatchObject({
    stderr: expect.stringContaining('401'),
  });
});
