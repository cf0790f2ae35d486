import { userInfo } from 'node:os';
import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../infra/cli/command.ts';
import { incidentsCommand } from '../../infra/cli/incidents.ts';
import { serveHttp } from '../support/servers.ts';
import { tocsin } from '../support/tocsin.ts';

interface Request {
  path: string;
  body: unknown;
}

/** A Tocsin that runs on this machine and answers every request like this. */
async function running(status: number, answer: object) {
  const requests: Request[] = [];
  const { port } = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ path: `${request.method} ${request.url}`, body: body && JSON.parse(body) });
    response
      .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
      .end(JSON.stringify(answer));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    requests,
    run: (...args: string[]) => tocsin(['incidents', ...args, '--url', url]),
  };
}

const incident = {
  id: '20261120-k3p7qa2x',
  status: 'acknowledged',
  severity: 'critical',
  title: 'website is down',
  openedAt: '2026-11-20T05:10:10.000Z',
  acknowledgedBy: 'Ana',
  assignee: 'ben',
};
const line =
  '20261120-k3p7qa2x  acknowledged  critical  website is down  since 2026-11-20 05:10:10 UTC, acknowledged by Ana, assigned to ben\n';
const timeline = [{ at: '2026-11-20T05:10:11.000Z', actor: 'tocsin', text: 'announced to ops' }];
const detail = { incident, timeline };
const over = { ...incident, id: '20261119-aaaa2222', status: 'resolved', resolvedBy: 'recovered' };

describe('incidents', () => {
  it('lists those that are open, and on request all', async () => {
    const { run } = await running(200, { incidents: [incident, over] });
    expect(await run()).toMatchObject({ code: 0, out: line });
    expect((await run('list', '--all')).out).toContain('20261119-aaaa2222  resolved');
    expect(JSON.parse((await run('list', '--json')).out)).toMatchObject([{ id: incident.id }]);
    const quiet = await running(200, { incidents: [over] });
    expect((await quiet.run('list')).out).toBe('no open incidents\n');
  });

  it('shows one with what happened to it', async () => {
    const { requests, run } = await running(200, detail);
    expect((await run('show', incident.id)).out).toBe(
      `${line}  2026-11-20 05:10:11 UTC  announced to ops (tocsin)\n`,
    );
    expect(requests[0]!.path).toBe(`GET /api/incidents/${incident.id}`);
  });

  it.each([
    ['ack', [], 'acknowledge', {}],
    ['unack', [], 'unacknowledge', {}],
    ['resolve', ['--text', 'rolled back'], 'resolve', { text: 'rolled back' }],
    ['reopen', [], 'reopen', {}],
    ['assign', ['ana'], 'assign', { assignee: 'ana' }],
    ['assign', ['nobody'], 'assign', { assignee: null }],
    ['comment', ['the', 'database'], 'comments', { text: 'the database' }],
    ['severity', ['high', '--text', 'one shop'], 'severity', { severity: 'high', text: 'one shop' }],
  ])('%s %j does it in the name of whoever runs it', async (verb, more, path, body) => {
    const { requests, url } = await running(200, detail);
    expect(await incidentsCommand.run([verb, incident.id, ...more, '--url', url])).toBe(0);
    expect(requests).toEqual([
      {
        path: `POST /api/incidents/${incident.id}/${path}`,
        body: { actor: userInfo().username, ...body },
      },
    ]);
  });

  it('shows what is, after it was done', async () => {
    const { run } = await running(200, detail);
    expect(await run('ack', incident.id)).toMatchObject({ code: 0, out: line });
  });

  it('tells why it was refused', async () => {
    const { run } = await running(409, { error: { message: 'incident x is resolved already' } });
    expect(await run('ack', 'x')).toMatchObject({
      code: 1,
      error: expect.stringContaining('answered 409: incident x is resolved already'),
    });
  });
});

test.each([
  [['close', 'x'], 'it is list, show, ack, unack, resolve, reopen, assign, comment, severity'],
  [['list', 'x'], 'it is list, show'],
  [['show'], 'which?'],
  [['ack'], 'which?'],
  [['ack', 'x', 'y'], 'one at a time'],
  [['ack', 'x', '--text', 'y'], '--text goes with resolve, reopen, severity'],
  [['assign', 'x'], 'to whom?'],
  [['comment', 'x'], 'what?'],
  [['severity', 'x'], 'critical, high, warning or info?'],
])('incidents %j makes no sense', async (args, words) => {
  const refused = incidentsCommand.run(args);
  await expect(refused).rejects.toBeInstanceOf(UsageError);
  await expect(refused).rejects.toThrow(words);
});
