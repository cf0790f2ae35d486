import { userInfo } from 'node:os';
import { describe, expect, it, test } from 'vitest';
import { serveHttp } from '../support/servers.ts';
import { tocsin } from '../support/tocsin.ts';

interface Request {
  path: string;
  body: Record<string, string>;
}

/** A Tocsin that runs on this machine and answers every request like this. */
async function running(status: number, answer: object) {
  const requests: Request[] = [];
  const { port } = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ path: `${request.method} ${request.url}`, body: JSON.parse(body) });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  return { url: `http://127.0.0.1:${port}/`, requests };
}

describe('pause', () => {
  it('says who, why and until when', async () => {
    const { url, requests } = await running(200, {
      name: 'Web shop',
      paused: { until: '2026-11-20T14:00:00.000Z' },
    });
    const before = Date.now();
    const { code, out } = await tocsin(['pause', 'shop', '--for', '2h', '--reason', 'moving', '--url', url]);

    expect([code, out]).toEqual([0, 'Web shop is paused until 2026-11-20T14:00:00.000Z\n']);
    const [{ path, body }] = requests as [Request];
    expect(path).toBe('POST /api/monitors/shop/pause');
    expect(body).toMatchObject({ actor: userInfo().username, reason: 'moving' });
    const ahead = Date.parse(body.until!) - before;
    expect(ahead).toBeGreaterThanOrEqual(2 * 3_600_000);
    expect(ahead).toBeLessThan(2 * 3_600_000 + 60_000);
  });

  it('lasts until somebody resumes it where no time is given', async () => {
    const { url, requests } = await running(200, { name: 'Web shop', paused: {} });
    expect((await tocsin(['pause', 'shop', '--url', url])).out).toBe(
      'Web shop is paused until somebody resumes it\n',
    );
    expect(requests[0]!.body).toEqual({ actor: userInfo().username });
  });

  it('tells why it was refused', async () => {
    const { url } = await running(404, { error: { code: 'not-found', message: 'no monitor "shp"' } });
    const { code, error } = await tocsin(['pause', 'shp', '--url', url]);
    expect([code, error]).toEqual([1, expect.stringContaining('answered 404: no monitor "shp"')]);
  });
});

test('resume ends a pause', async () => {
  const { url, requests } = await running(200, { name: 'Web shop' });
  expect((await tocsin(['resume', 'shop', '--url', url])).out).toBe('Web shop is not paused\n');
  expect(requests).toEqual([{ path: 'POST /api/monitors/shop/resume', body: {} }]);
});

test.each([
  [['pause'], 2, 'which monitor?'],
  [['resume', '--url', 'http://localhost:1'], 2, 'which monitor?'],
  [['pause', 'shop', '--for', 'long'], 2, 'a time like 30m, 2h or 1d'],
  [['pause', 'shop', '--url', 'nowhere'], 2, 'an address like http://localhost:4400'],
  [['pause', 'shop', '--url', 'http://127.0.0.1:1'], 1, 'does not answer\nnpm start'],
])('%j ends with exit code %i and says %j', async (args, code, words) => {
  expect(await tocsin(args)).toMatchObject({ code, error: expect.stringContaining(words) });
});
