import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { serveHttp } from '../support/servers.ts';
import { tocsin } from '../support/tocsin.ts';

test('deployed tells of a deployment, in the name of who runs it', async () => {
  const bodies: unknown[] = [];
  const { port } = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push([`${request.method} ${request.url}`, JSON.parse(body)]);
    response
      .writeHead(201, { 'content-type': 'application/json' })
      .end('{"title":"web 1.2.3","at":"2026-11-20T05:10:00.000Z"}');
  });
  const url = `http://127.0.0.1:${port}`;
  const words = ['--service', 'web', '--version', '1.2.3', '--link', 'https://ci.example.com/17'];
  const { code, out } = await tocsin(['deployed', ...words, '--url', url]);
  expect([code, out]).toEqual([0, 'web 1.2.3 at 2026-11-20T05:10:00.000Z\n']);
  const by = userInfo().username;
  expect(bodies).toEqual([
    ['POST /api/deployments', { service: 'web', version: '1.2.3', by, url: 'https://ci.example.com/17' }],
  ]);
});

test('deployed asks what was deployed', async () => {
  expect(await tocsin(['deployed'])).toMatchObject({ code: 2, error: expect.stringContaining('what?') });
});
