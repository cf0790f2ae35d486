import { expect, test } from 'vitest';
import { startDelivery } from '../../infra/local/delivery.ts';
import { createOutbox } from '../../infra/local/services/outbox.ts';
import { serveProvider } from '../support/fake-provider.ts';
import { testRuntime } from '../support/local-runtime.ts';

const channels = [
  { id: 'pager', kind: 'pagerduty', settings: { routingKey: { secret: 'routing-key' }, region: 'us' } },
  {
    id: 'program',
    kind: 'webhook',
    settings: { url: { secret: 'hook' }, key: { secret: 'hook-key' }, headers: {} },
  },
];

async function start(secrets: Record<string, string>) {
  const runtime = testRuntime();
  const outbox = createOutbox(runtime);
  const endpoint = 'http://127.0.0.1:4401';
  const delivery = await startDelivery(
    { runtime, endpoint, config: { name: 'acme', channels }, secrets },
    outbox,
  );
  const secretOf = async (name: string) => {
    const input = { Name: `/tocsin/acme/${name}`, WithDecryption: true };
    const answer = await delivery.ssm.handle({ operation: 'GetParameter', input, caller: undefined });
    return (answer as { Parameter: { Value: string } }).Parameter.Value;
  };
  const post = (channel: string, to: string | undefined, body: string) =>
    delivery.capture(channel, {
      url: new URL(`${endpoint}/outbox/${channel}${to ? `?to=${encodeURIComponent(to)}` : ''}`),
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
      remoteAddress: '127.0.0.1',
    });
  return { outbox, secretOf, post };
}

test('a key that is not set is none, and what is sent with it gets no further than the outbox', async () => {
  const { outbox, secretOf, post } = await start({});
  const { url, asked } = await serveProvider(() => ({ status: 202 }));

  expect(await secretOf('routing-key')).toBe('not-set-here');
  await post('pager', url, '{}');
  expect(asked).toEqual([]);
  expect(outbox.list()).toMatchObject([{ channel: 'pager', response: { delivery: 'captured' } }]);
});

test('with a key that is set it goes on to the provider; the outbox keeps it without the key', async () => {
  const { outbox, secretOf, post } = await start({ ROUTING_KEY: 'R0UT1NGDECOY' });
  const { url, asked } = await serveProvider(() => ({ status: 400, body: 'R0UT1NGDECOY is no key' }));

  expect(await secretOf('routing-key')).toBe('R0UT1NGDECOY');
  const answer = await post('pager', url, '{"routing_key":"R0UT1NGDECOY"}');
  expect(asked.map(({ body }) => body)).toEqual(['{"routing_key":"R0UT1NGDECOY"}']);
  expect(answer).toMatchObject({ status: 400, body: '*** is no key' });
  expect(JSON.stringify(outbox.list())).not.toContain('R0UT1NG');
});

test('a URL that is set is never handed out, and a key beside it is', async () => {
  const { url, asked } = await serveProvider(() => ({ status: 204 }));
  const { secretOf, post } = await start({ HOOK: url, HOOK_KEY: 'a key' });

  expect(await secretOf('hook')).toBe('http://127.0.0.1:4401/outbox/program');
  expect(await secretOf('hook-key')).toBe('a key');
  await post('program', undefined, '{"type":"firing"}');
  expect(asked.map(({ url: at }) => at.pathname)).toEqual([new URL(url).pathname]);
});
