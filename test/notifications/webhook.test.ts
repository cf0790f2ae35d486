import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { webhook } from '../../shared/notifications/webhook.ts';
import { serveProvider } from '../support/fake-provider.ts';
import { acknowledged, assigned, commented, firing, openedAt, resolved } from './events.ts';
import { tell } from './tell.ts';

const key = 'a key that both know';

async function start() {
  const provider = await serveProvider(() => ({ status: 204 }));
  return {
    ...provider,
    secrets: { 'webhook-url': provider.url, 'webhook-key': key, 'receiver-token': 'tk_decoy' },
  };
}

test('the event is posted as it is published, signed over time and raw body', async () => {
  const { secrets, asked } = await start();

  expect(await tell(webhook, firing(), {}, { secrets })).toEqual({ result: 'sent' });
  const { headers, body } = asked[0]!;
  expect(JSON.parse(body)).toEqual(firing());
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'tocsin-event': encodeURIComponent('20261120-abcdefgh#4'),
    'tocsin-event-type': 'firing',
  });
  const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['tocsin-signature']))!;
  expect(Number(seconds)).toBe(openedAt / 1_000);
  const expected = createHmac('sha256', key).update(`${seconds}.${body}`).digest();
  expect(timingSafeEqual(Buffer.from(signature!, 'hex'), expected)).toBe(true);
});

test('the receiver in docs/channels.md knows ours from those of others', async () => {
  const { secrets, asked } = await start();
  await tell(webhook, firing(), {}, { secrets });
  const page = readFileSync(new URL('../../docs/channels.md', import.meta.url), 'utf8');
  const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  const { isFromTocsin } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const { headers, body } = asked[0]!;
  const signature = String(headers['tocsin-signature']);

  expect(isFromTocsin(key, signature, body, openedAt)).toBe(true);
  expect(isFromTocsin('another key', signature, body, openedAt)).toBe(false);
  expect(isFromTocsin(key, signature, body.replace('down', 'up'), openedAt)).toBe(false);
  expect(isFromTocsin(key, signature, body, openedAt + 600_000)).toBe(false);
  expect(isFromTocsin(key, signature.replace(/t=\d+/, 't=1'), body, openedAt)).toBe(false);
  expect(isFromTocsin(key, 'v1=', body, openedAt)).toBe(false);
});

test('headers of the receiver are taken from secrets, which no verdict repeats', async () => {
  const { secrets, asked, next } = await start();
  next({ status: 403, body: 'tk_decoy is not allowed' });
  const headers = { Authorization: { secret: 'receiver-token' } };
  const verdict = await tell(webhook, firing(), { headers }, { secrets });

  expect(asked[0]?.headers.authorization).toBe('tk_decoy');
  expect(verdict).toEqual({ result: 'failed', reason: 'answered 403 *** is not allowed' });
});

test('a header that no request can carry is said, without its value', async () => {
  const { secrets } = await start();
  const headers = { 'x-key': { secret: 'receiver-token' } };
  const verdict = await tell(
    webhook,
    firing(),
    { headers },
    { secrets: { ...secrets, 'receiver-token': 'tk\n2' } },
  );

  expect(verdict).toEqual({
    result: 'retry',
    reason: expect.stringMatching(/^secret receiver-token has characters that no header can carry/),
  });
});

test('a program is told all that happens', () => {
  const types = [firing(), resolved(), acknowledged(), assigned(), commented()].map(({ type }) => type);
  const told = ['firing', 'resolved', 'digest', ...(webhook.follows ?? [])];

  expect(types.filter((type) => !told.includes(type))).toEqual([]);
});

test('84 a redirect is an answer, not followed', async () => {
  const { secrets, asked, next } = await start();
  next({ status: 301, headers: { location: 'http://169.254.169.254/' } });

  expect(await tell(webhook, firing(), {}, { secrets })).toMatchObject({ result: 'failed' });
  expect(asked).toHaveLength(1);
});

test.each(['http://receiver.example.com/hook', 'https://169.254.169.254/', 'not a url'])(
  '79 nothing is posted to %s',
  async (url) => {
    const { secrets } = await start();
    const verdict = await tell(webhook, firing(), {}, { secrets: { ...secrets, 'webhook-url': url } });

    expect(verdict.result).not.toBe('sent');
    expect(JSON.stringify(verdict)).not.toContain(url);
  },
);
