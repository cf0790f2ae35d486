import { userInfo } from 'node:os';
import { describe, expect, it, test } from 'vitest';
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
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  return { url: `http://127.0.0.1:${port}`, requests };
}

const silence = {
  id: '7f3c',
  state: 'active',
  matchers: ['team="platform"', 'env=~"prod.*"'],
  startsAt: '2026-11-20T12:00:00.000Z',
  endsAt: '2026-11-20T14:00:00.000Z',
  by: 'ana',
  comment: 'deploy',
};
const line = '7f3c  active until 2026-11-20 14:00:00 UTC  team="platform", env=~"prod.*"  by ana: deploy\n';

describe('silence', () => {
  it('adds one, and says who', async () => {
    const { url, requests } = await running(201, silence);
    const { code, out } = await tocsin([
      'silence',
      'add',
      'team=platform',
      'env=~"prod.*"',
      '--for',
      '2h',
      '--comment',
      'deploy',
      '--url',
      url,
    ]);
    expect([code, out]).toEqual([0, line]);
    expect(requests).toEqual([
      {
        path: 'POST /api/silences',
        body: {
          matchers: ['team=platform', 'env=~"prod.*"'],
          for: '2h',
          comment: 'deploy',
          actor: userInfo().username,
        },
      },
    ]);
  });

  it('lists those that are not over', async () => {
    const pending = { ...silence, id: '91aa', state: 'pending', comment: '' };
    const { url } = await running(200, { silences: [silence, pending, { ...silence, state: 'expired' }] });
    expect((await tocsin(['silence', 'list', '--url', url])).out).toBe(
      `${line}91aa  pending from 2026-11-20 12:00:00 UTC until 2026-11-20 14:00:00 UTC  team="platform", env=~"prod.*"  by ana\n`,
    );
    const none = await running(200, { silences: [] });
    expect((await tocsin(['silence', 'list', '--url', none.url])).out).toBe('nothing is silenced\n');
  });

  it('expires by id', async () => {
    const { url, requests } = await running(200, { ...silence, state: 'expired' });
    expect((await tocsin(['silence', 'expire', '7f3c', '--url', url])).out).toContain('7f3c  expired');
    expect(requests[0]!.path).toBe('DELETE /api/silences/7f3c');
  });

  it('tells why it was refused', async () => {
    const { url } = await running(400, { error: { message: 'team is no matcher' } });
    expect(await tocsin(['silence', 'add', 'team', '--url', url])).toMatchObject({
      code: 1,
      error: expect.stringContaining('team is no matcher'),
    });
  });
});

const window = {
  id: 'started-1',
  monitors: ['shop'],
  from: '2026-11-20T12:00:00.000Z',
  to: '2026-11-20T13:00:00.000Z',
  by: 'ana',
  comment: 'new disks',
};

describe('maintenance', () => {
  it('starts a window, lists it and ends it', async () => {
    const { url, requests } = await running(200, { ...window, windows: [window] });
    const said =
      'started-1  from 2026-11-20 12:00:00 UTC to 2026-11-20 13:00:00 UTC  shop  by ana: new disks\n';
    const start = [
      'maintenance',
      'start',
      '--monitor',
      'shop',
      '--monitor',
      'api',
      '--for',
      '1h',
      '--comment',
      'new disks',
    ];
    expect((await tocsin([...start, '--url', url])).out).toBe(said);
    expect((await tocsin(['maintenance', 'list', '--url', url])).out).toBe(said);
    expect((await tocsin(['maintenance', 'end', 'started-1', '--url', url])).out).toBe(said);
    expect(requests).toEqual([
      {
        path: 'POST /api/maintenance',
        body: { monitors: ['shop', 'api'], for: '1h', comment: 'new disks', actor: userInfo().username },
      },
      { path: 'GET /api/maintenance', body: '' },
      { path: 'DELETE /api/maintenance/started-1', body: '' },
    ]);
  });
});

test.each([
  [['silence'], 'list, add or expire'],
  [['silence', 'list', 'all'], 'list, add or expire'],
  [['silence', 'add'], 'what?'],
  [['silence', 'expire'], 'which?'],
  [['maintenance', 'begin'], 'list, start'],
  [['maintenance', 'start', '--for', '1h'], 'of what'],
  [['maintenance', 'start', '--monitor', 'shop'], 'how long'],
  [['maintenance', 'end'], 'or end ID'],
])('%j makes no sense', async (args, words) => {
  expect(await tocsin(args)).toMatchObject({ code: 2, error: expect.stringContaining(words) });
});
