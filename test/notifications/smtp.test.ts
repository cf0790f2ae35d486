import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { deliver } from '../../shared/notifications/delivery/deliver.ts';
import { email } from '../../shared/notifications/email.ts';
import { createAuthority } from '../support/certificates.ts';
import { firing, openedAt } from './events.ts';

/** A mail server on loopback; `mails` is what it took. */
async function serveMail(options: SMTPServerOptions = {}) {
  const mails: { from: string; to: string[]; data: string }[] = [];
  const { key, cert } = await createAuthority('mail.example.com');
  const server = new SMTPServer({
    key,
    cert,
    authOptional: true,
    onData(stream, { envelope }, done) {
      let data = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        data += chunk;
      });
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), data });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
  return { mails, port: (server.server.address() as AddressInfo).port };
}

const refuse = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

const send = (url: string, to = ['On-call <oncall@example.com>']) =>
  deliver(
    email,
    firing({ title: 'Größe ≠ 0' }),
    email.settings.parse({ from: 'Büro <tocsin@example.com>', to, smtp: { secret: 'smtp-url' } }),
    {
      aws: { region: 'eu-central-1', accessKeyId: '', secretAccessKey: '' },
      readSecret: async () => url,
      now: () => openedAt,
      allowLoopback: true,
      timeoutMs: 1_000,
    },
  );

test('a mail is taken as it was written: letters of all kinds, text and HTML, threaded', async () => {
  const { mails, port } = await serveMail();

  const { verdict } = await send(`smtp://127.0.0.1:${port}`);

  expect(verdict).toEqual({ result: 'sent' });
  const [mail] = mails;
  expect(mail).toMatchObject({ from: 'tocsin@example.com', to: ['oncall@example.com'] });
  const { data } = mail!;
  expect(data.split('\r\n').every((line) => /^[\x20-\x7e]{0,998}$/.test(line))).toBe(true);
  expect(data).toContain('\r\nTo: "On-call" <oncall@example.com>\r\n');
  expect(data).toContain('\r\nDate: Fri, 20 Nov 2026 03:12:05 +0000\r\n');
  expect(data).toContain('\r\nReferences: <incident-20261120-abcdefgh@example.com>\r\n');
  expect(data).toContain('\r\nAuto-Submitted: auto-generated\r\n');
  expect(wordsIn(data, 'Subject')).toBe('[CRITICAL] Größe ≠ 0 — acme');
  expect(wordsIn(data, 'From')).toBe('Büro (critical)');
  const [text, html] = data
    .split(/--tocsin-[\w-]+/)
    .slice(1, 3)
    .map((part) => Buffer.from(part.split('\r\n\r\n')[1]!, 'base64').toString());
  expect(text).toContain('CRITICAL: Größe ≠ 0');
  expect(html).toContain('<h1');
});

test('user and password of the URL are used, as they were before they were encoded', async () => {
  const seen: unknown[] = [];
  const { mails, port } = await serveMail({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth({ username, password }, _, done) {
      seen.push(username, password);
      done(null, { user: username });
    },
  });

  await send(`smtp://api%40key:p%C3%A4ss@127.0.0.1:${port}`);

  expect(seen).toEqual(['api@key', 'päss']);
  expect(mails).toHaveLength(1);
});

test.each([
  ['later', refuse(451, 'come back'), 'retry', 451],
  ['for good', refuse(550, 'no such user'), 'failed', 550],
] as const)('a server that refuses a recipient %s says so', async (_, error, result, status) => {
  const { port } = await serveMail({ onRcptTo: (_address, _session, done) => done(error) });

  const delivered = await send(`smtp://127.0.0.1:${port}`);

  expect(delivered).toMatchObject({
    status,
    verdict: { result, reason: expect.stringContaining(`answered ${status} ${status} ${error.message}`) },
  });
});

test('one recipient of two refused is a mail sent, and the ledger will say who was not told', async () => {
  const { port } = await serveMail({
    onRcptTo: ({ address }, _session, done) => done(address.startsWith('gone') ? refuse(550, 'gone') : null),
  });

  const { verdict } = await send(`smtp://127.0.0.1:${port}`, ['oncall@example.com', 'gone@example.com']);

  expect(verdict).toEqual({ result: 'sent', detail: '1 of 2 recipients refused' });
});

test('a wrong password is a failure for good that does not quote it', async () => {
  const { port } = await serveMail({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ password }, _, done) => done(refuse(535, `bad password ${password}`)),
  });

  const { verdict } = await send(`smtp://apikey:decoy-3456@127.0.0.1:${port}`);

  expect(verdict.result).toBe('failed');
  expect(JSON.stringify(verdict)).not.toContain('decoy-3456');
});

test('a server that does not greet is tried again later', async () => {
  const { port } = await serveMail({ onConnect: () => {} });

  expect((await send(`smtp://127.0.0.1:${port}`)).verdict).toEqual({
    result: 'retry',
    reason: 'no answer within 1000 ms',
  });
});

/** What RFC 2047 makes of a header's encoded words. */
function wordsIn(mail: string, header: string): string {
  const line = new RegExp(`^${header}: (.*(?:\r\n .*)*)`, 'm').exec(mail)?.[1] ?? '';
  return Buffer.concat(
    [...line.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)].map(([, word]) => Buffer.from(word!, 'base64')),
  ).toString();
}
