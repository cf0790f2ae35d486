import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startDemoSite } from '../../examples/demo-site/server.ts';
import { localPorts } from '../../shared/api/local.ts';

/** A local runtime that answers as told. */
async function runtime(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return localPorts(`http://localhost:${(server.address() as AddressInfo).port}`);
}

it('reads the outbox', async () => {
  const entry = {
    channel: 'ops',
    to: 'webhook',
    text: 'website is down',
    at: '2026-11-20T05:00:00.000Z',
    request: { body: '{}' },
    response: { status: 200, body: 'ok', delivery: 'captured' },
  };
  const { readOutbox } = await runtime((request, response) => {
    response.end(JSON.stringify(request.url === '/local/outbox' ? [entry] : []));
  });
  expect(await readOutbox()).toEqual([entry]);
});

it('reads how the demo site is', async () => {
  const site = await startDemoSite(0);
  onTestFinished(() => site.close());
  const { readDemo } = await runtime(async (request, response) => {
    if (request.url === '/local/demo') response.end(await (await fetch(`${site.url}/_control`)).text());
  });
  expect(await readDemo()).toEqual({ url: site.url, fault: 'none' });
});

it('knows of no demo site where none answers', async () => {
  const { readDemo } = await runtime((_, response) => response.writeHead(502).end('no'));
  expect(await readDemo()).toBeUndefined();
});
