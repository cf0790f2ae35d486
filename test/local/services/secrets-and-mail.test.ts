import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOutbox, type Outbox } from '../../../infra/local/services/outbox.ts';
import { createSes, type Ses } from '../../../infra/local/services/ses.ts';
import { createSsm, type Ssm } from '../../../infra/local/services/ssm.ts';
import { testRuntime } from '../../support/local-runtime.ts';

describe('Parameter Store', () => {
  let ssm: Ssm;
  const options = {
    prefix: '/tocsin/acme/',
    secrets: { SLACK_WEBHOOK: 'https://hooks.example.com/secret', API_KEY: 'key', EMPTY: '' },
    standIn: (secret: string) =>
      secret === 'slack-webhook' ? 'http://127.0.0.1:4401/outbox/ops' : undefined,
  };
  beforeEach(() => {
    ssm = createSsm(testRuntime(), options);
  });
  const call = async (operation: string, input: Record<string, unknown>) =>
    ssm.handle({ operation, input, caller: undefined }) as Promise<Record<string, never>>;
  const secretOf = async (Name: string) => {
    const { Parameter } = (await call('GetParameter', { Name, WithDecryption: true })) as unknown as {
      Parameter: { Value: string };
    };
    return Parameter.Value;
  };

  it('has secrets from the environment', async () => {
    expect(await secretOf('/tocsin/acme/api-key')).toBe('key');
  });

  it.each(['/tocsin/acme/absent', '/tocsin/acme/empty', '/tocsin/other/api-key'])(
    'does not have %s',
    async (name) => {
      await expect(secretOf(name)).rejects.toMatchObject({ code: 'ParameterNotFound' });
    },
  );

  it('hands out the outbox instead of a channel’s webhook, even one that was put later', async () => {
    expect(await secretOf('/tocsin/acme/slack-webhook')).toBe('http://127.0.0.1:4401/outbox/ops');
    expect(ssm.secret('slack-webhook')).toBe('https://hooks.example.com/secret');

    const input = { Name: '/tocsin/acme/slack-webhook', Value: 'https://new.example.com/', Overwrite: true };
    await call('PutParameter', input);
    expect(await secretOf('/tocsin/acme/slack-webhook')).toBe('http://127.0.0.1:4401/outbox/ops');
    expect(ssm.secret('slack-webhook')).toBe('https://new.example.com/');
  });

  it('takes, replaces and forgets parameters', async () => {
    const Name = '/tocsin/acme/new';
    await call('PutParameter', { Name, Value: 'one', Type: 'SecureString' });
    await expect(call('PutParameter', { Name, Value: 'two' })).rejects.toMatchObject({
      code: 'ParameterAlreadyExists',
    });
    expect(await call('PutParameter', { Name, Value: 'two', Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await secretOf(Name)).toBe('two');

    await call('DeleteParameter', { Name });
    await expect(secretOf(Name)).rejects.toMatchObject({ code: 'ParameterNotFound' });
  });

  it('lists by path and says which names it does not have', async () => {
    for (const Name of ['/a/b', '/a/c', '/a/d/e'])
      await call('PutParameter', { Name, Value: '1', Type: 'String' });
    const names = async (input: Record<string, unknown>) => {
      const { Parameters } = (await call('GetParametersByPath', input)) as unknown as {
        Parameters: { Name: string }[];
      };
      return Parameters.map(({ Name }) => Name);
    };

    expect(await names({ Path: '/a' })).toEqual(['/a/b', '/a/c']);
    expect(await names({ Path: '/a', Recursive: true })).toEqual(['/a/b', '/a/c', '/a/d/e']);
    expect(await call('GetParameters', { Names: ['/a/b', '/x'] })).toMatchObject({
      Parameters: [{ Name: '/a/b' }],
      InvalidParameters: ['/x'],
    });
  });

  it('keeps the admin token over a restart, readable by its owner only', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ssm-'));
    const first = createSsm(testRuntime(directory), options);
    const second = createSsm(testRuntime(directory), options);

    expect(first.adminToken).toMatch(/^[\w-]{32}$/);
    expect(second.adminToken).toBe(first.adminToken);
    expect(statSync(join(directory, 'admin-token')).mode & 0o777).toBe(0o600);
    rmSync(directory, { recursive: true });
  });
});

describe('SES', () => {
  let ses: Ses;
  let outbox: Outbox;
  beforeEach(() => {
    const runtime = testRuntime();
    outbox = createOutbox(runtime);
    ses = createSes(runtime, outbox);
  });
  const send = async (changes: Record<string, unknown> = {}) =>
    ses.handle({ operation: 'SendEmail', input: { ...mail, ...changes }, caller: undefined });
  const simple = (changes: object = {}) => ({
    Content: {
      Simple: {
        Subject: { Data: 'Website is down', Charset: 'UTF-8' },
        Body: { Text: { Data: 'Since 05:00.' }, Html: { Data: '<p>Since 05:00.</p>' } },
        ...changes,
      },
    },
  });
  const mail = {
    FromEmailAddress: 'tocsin@example.com',
    Destination: { ToAddresses: ['"On call" <oncall@example.com>'], CcAddresses: ['boss@example.com'] },
    ...simple(),
  };

  it('puts a mail into the outbox and gives it an id', async () => {
    const { MessageId } = await send();

    expect(MessageId).toEqual(expect.any(String));
    expect(outbox.list()).toMatchObject([
      {
        channel: 'ses',
        to: ['"On call" <oncall@example.com>', 'boss@example.com'],
        subject: 'Website is down',
        text: 'Since 05:00.',
        response: { status: 200, delivery: 'captured' },
      },
    ]);
  });

  it('reads a raw mail', async () => {
    const raw = [
      'From: tocsin@example.com',
      'To: oncall@example.com',
      'Subject: =?UTF-8?B?U3TDtnI=?= =?UTF-8?Q?ung_1?=',
      'Content-Type: multipart/alternative; boundary="x"',
      '',
      '--x',
      'Content-Type: text/html',
      '',
      '<p>no</p>',
      '--x',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'seit f=C3=BCnf =',
      'Minuten',
      '--x--',
    ].join('\r\n');
    await ses.handle({
      operation: 'SendEmail',
      input: { Content: { Raw: { Data: Buffer.from(raw).toString('base64') } } },
      caller: undefined,
    });

    expect(outbox.list()).toMatchObject([
      { to: ['oncall@example.com'], subject: 'Störung 1', text: 'seit fünf Minuten' },
    ]);
  });

  const many = Array.from({ length: 51 }, (_, number) => `user${number}@example.com`);
  it.each([
    ['no sender', { FromEmailAddress: undefined }, /'From'/],
    ['no recipient', { Destination: {} }, /recipients/],
    ['51 recipients', { Destination: { ToAddresses: many } }, /exceeds 50/],
    ['a wrong address', { Destination: { ToAddresses: ['nobody'] } }, /nobody/],
    ['no body', simple({ Body: {} }), /Text or Html/],
    [
      'a header SES sets',
      simple({ Headers: [{ Name: 'Message-ID', Value: '<1@example.com>' }] }),
      /Message-ID/,
    ],
    ['a header in other letters', simple({ Headers: [{ Name: 'X-Note', Value: 'gestört' }] }), /ASCII/],
    ['a template', { Content: { Template: {} } }, /does not support Content.Template/],
  ])('refuses a mail with %s', async (_case, changes, reason) => {
    await expect(send(changes)).rejects.toThrow(reason);
    expect(outbox.list()).toEqual([]);
  });
});
