import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbox, type Outbox } from '../../../infra/local/services/outbox.ts';
import { type SmtpCapture, startSmtpCapture } from '../../../infra/local/services/smtp-capture.ts';
import { webhookCapture } from '../../../infra/local/services/webhook-capture.ts';
import { testRuntime } from '../../support/local-runtime.ts';

let outbox: Outbox;
beforeEach(() => {
  outbox = createOutbox(testRuntime());
});
afterEach(() => outbox.close());

const entry = (text: string) => ({
  channel: 'ops',
  to: ['webhook'],
  subject: undefined,
  text,
  request: {},
  response: { status: 200, body: 'ok', delivery: 'captured' as const },
});

describe('the outbox', () => {
  it('keeps the order and says when', () => {
    outbox.record(entry('first'));
    outbox.record(entry('second'));

    expect(outbox.list()).toMatchObject([
      { text: 'first', at: '2026-11-20T05:00:00.000Z' },
      { text: 'second' },
    ]);
  });

  it('forgets the oldest beyond a thousand', () => {
    for (let number = 1; number <= 1002; number++) outbox.record(entry(String(number)));

    const texts = outbox.list().map(({ text }) => text);
    expect(texts).toHaveLength(1000);
    expect(texts[0]).toBe('3');
  });

  it('survives a restart', () => {
    const directory = mkdtempSync(join(tmpdir(), 'outbox-'));
    const first = createOutbox(testRuntime(directory));
    first.record(entry('kept'));
    first.close();

    const second = createOutbox(testRuntime(directory));
    expect(second.list()).toMatchObject([{ text: 'kept' }]);
    second.close();
    rmSync(directory, { recursive: true });
  });
});

describe('a webhook', () => {
  let server: Server;
  let received: { headers: IncomingMessage['headers']; body: string }[];
  let reply: (response: ServerResponse) => void;
  let url: string;

  beforeEach(async () => {
    received = [];
    reply = (response) => response.end('ok');
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ headers: request.headers, body });
      reply(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/secret`;
  });
  afterEach(() => server.close());

  const body = JSON.stringify({ text: 'website is down' });
  const request = {
    url: new URL('http://127.0.0.1:4401/outbox/ops'),
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer secret', host: '127.0.0.1:4401' },
    body,
  };

  const unset = { url: undefined, secrets: [] };

  it('that is not set is captured with a good answer', async () => {
    const answer = await webhookCapture(outbox, () => unset)('ops', request);

    expect(answer).toMatchObject({ status: 200, body: 'ok' });
    expect(outbox.list()).toMatchObject([
      {
        channel: 'ops',
        text: 'website is down',
        response: { status: 200, body: 'ok', delivery: 'captured' },
      },
    ]);
  });

  it('that is set gets the request as it is, and its answer is passed on', async () => {
    const answer = await webhookCapture(outbox, () => ({ url, secrets: [url] }))('ops', request);

    expect(answer).toMatchObject({ status: 200, body: 'ok' });
    expect(received).toMatchObject([
      { body, headers: { 'content-type': 'application/json', authorization: 'Bearer secret' } },
    ]);
    expect(received[0]?.headers.host).not.toBe('127.0.0.1:4401');
    expect(outbox.list()).toMatchObject([{ response: { delivery: 'forwarded' } }]);
  });

  it('gets the parameters that the kind of channel adds', async () => {
    const asked: string[] = [];
    server.on('request', ({ url: path }: IncomingMessage) => asked.push(path ?? ''));
    const waiting = { ...request, url: new URL('http://127.0.0.1:4401/outbox/ops?wait=true') };
    await webhookCapture(outbox, () => ({ url: `${url}?thread=1`, secrets: [url] }))('ops', waiting);

    expect(asked).toEqual(['/services/T0/B0/secret?thread=1&wait=true']);
  });

  it('may ask for patience, and the asker hears it', async () => {
    reply = (response) => response.writeHead(429, { 'retry-after': '30' }).end('slow down');

    expect(await webhookCapture(outbox, () => ({ url, secrets: [url] }))('ops', request)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '30' },
      body: 'slow down',
    });
  });

  it('that cannot be reached is a bad gateway', async () => {
    reply = (response) => response.destroy();

    expect(await webhookCapture(outbox, () => ({ url, secrets: [url] }))('ops', request)).toMatchObject({
      status: 502,
      body: 'no answer: ECONNRESET',
    });
  });

  it.each([
    ['when it answers', (response: ServerResponse) => void response.end('ok')],
    ['when it does not', (response: ServerResponse) => void response.destroy()],
  ])('leaves neither its address nor credentials in the outbox %s', async (_case, behaviour) => {
    reply = behaviour;
    const answer = await webhookCapture(outbox, () => ({ url, secrets: [url] }))('ops', request);

    expect(JSON.stringify([outbox.list(), answer])).not.toContain('secret');
  });
});

describe('mail by SMTP', () => {
  let capture: SmtpCapture;
  let relay: SMTPServer;
  let relayed: string[];
  let relayUrl: string;
  let refusal: (Error & { responseCode: number }) | undefined;
  let realUrl: string | undefined;

  beforeEach(async () => {
    relayed = [];
    refusal = undefined;
    realUrl = undefined;
    relay = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData(stream, _session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          relayed.push(Buffer.concat(chunks).toString());
          done(refusal ?? null);
        });
      },
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', () => resolve()));
    relayUrl = `smtp://127.0.0.1:${(relay.server.address() as AddressInfo).port}`;
    capture = await startSmtpCapture(outbox, (channel) => (channel === 'on call' ? realUrl : undefined));
  });
  afterEach(async () => {
    await capture.close();
    await new Promise<void>((resolve) => relay.close(resolve));
  });

  const send = () =>
    createTransport(capture.urlOf('on call')).sendMail({
      from: 'Tocsin <tocsin@example.com>',
      to: ['a@example.com', 'b@example.com'],
      subject: 'Störung: website',
      text: 'Die Seite antwortet nicht – seit 05:00.',
      html: '<p>Die Seite antwortet nicht.</p>',
      headers: { References: '<incident-1@example.com>' },
    });

  it('is captured where no server is set, and can be read', async () => {
    await send();

    expect(outbox.list()).toMatchObject([
      {
        channel: 'on call',
        to: ['a@example.com', 'b@example.com'],
        subject: 'Störung: website',
        text: 'Die Seite antwortet nicht – seit 05:00.',
        request: { headers: { references: '<incident-1@example.com>' } },
        response: { status: 250, delivery: 'captured' },
      },
    ]);
  });

  it('is relayed to the server that is set', async () => {
    realUrl = relayUrl;
    await send();

    expect(relayed).toHaveLength(1);
    expect(relayed[0]).toContain('References: <incident-1@example.com>');
    expect(outbox.list()).toMatchObject([{ response: { status: 250, delivery: 'forwarded' } }]);
  });

  it('is refused as that server refuses it', async () => {
    realUrl = relayUrl;
    refusal = Object.assign(new Error('mailbox full'), { responseCode: 452 });

    await expect(send()).rejects.toMatchObject({
      responseCode: 452,
      response: expect.stringContaining('mailbox full'),
    });
    expect(outbox.list()).toMatchObject([{ response: { status: 452, delivery: 'forwarded' } }]);
  });

  it('can be tried again later when that server cannot be reached', async () => {
    realUrl = 'smtp://user:password@127.0.0.1:1';

    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    expect(JSON.stringify(outbox.list())).not.toContain('password');
  });
});

describe("a provider's own address", () => {
  const to = 'https://events.pagerduty.com/v2/enqueue';
  const request = (body: string, provider = to) => ({
    url: new URL(`http://127.0.0.1:4401/outbox/oncall?to=${encodeURIComponent(provider)}`),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });

  it('is kept with what was for it, without the key', async () => {
    const body = JSON.stringify({ routing_key: 'R0UT1NG', payload: { summary: 'website is down' } });
    await webhookCapture(outbox, () => ({ url: undefined, secrets: ['R0UT1NG'] }))('oncall', request(body));

    expect(outbox.list()).toMatchObject([{ to: [to], text: 'website is down' }]);
    expect(JSON.stringify(outbox.list())).not.toContain('R0UT1NG');
  });

  it.each([
    [
      'a title and a message',
      '{"title":"CRITICAL: website is down","message":"Since 03:12"}',
      'CRITICAL: website is down\nSince 03:12',
    ],
    ['a form', 'title=CRITICAL&message=website+is+down', 'CRITICAL\nwebsite is down'],
    ['an embed', '{"embeds":[{"title":"website is down","description":"Why"}]}', 'website is down\nWhy'],
    ['a card', '{"attachments":[{"content":{"fallbackText":"website is down"}}]}', 'website is down'],
    ['an event', '{"type":"firing","incident":{"title":"website is down"}}', 'website is down'],
    ['something else', 'website is down', 'website is down'],
  ])('shows what people would read: %s', async (_, body, text) => {
    await webhookCapture(outbox, () => ({ url: undefined, secrets: [] }))('oncall', request(body));

    expect(outbox.list()).toMatchObject([{ text }]);
  });

  it('answers as Slack does, so that a message can be changed later', async () => {
    const posted = JSON.stringify({ channel: 'C012AB3CD', text: 'website is down' });
    const capture = webhookCapture(outbox, () => ({ url: undefined, secrets: [] }));
    const { body } = await capture('oncall', request(posted, 'https://slack.com/api/chat.postMessage'));

    expect(JSON.parse(body)).toEqual({
      ok: true,
      channel: 'C012AB3CD',
      ts: expect.stringMatching(/^\d+\.\d+$/),
    });
  });
});
