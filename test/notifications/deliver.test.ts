import { describe, expect, test } from 'vitest';
import { deliver } from '../../shared/notifications/delivery/deliver.ts';
import { email } from '../../shared/notifications/email.ts';
import type { ChannelKind } from '../../shared/notifications/kind.ts';
import { slack } from '../../shared/notifications/slack.ts';
import { createAuthority, issueCertificate } from '../support/certificates.ts';
import { closedPort, serveBytes, serveHttp, serveHttps, serveTcp } from '../support/servers.ts';
import { firing, openedAt } from './events.ts';

const aws = { region: 'eu-central-1', accessKeyId: 'tester', secretAccessKey: 'secret' };

const tell = <Settings, Message>(kind: ChannelKind<Settings, Message>, secret: string, given: object = {}) =>
  deliver(kind, firing(), kind.settings.parse(given), {
    aws,
    readSecret: async () => secret,
    now: () => openedAt,
    allowLoopback: true,
    timeoutMs: 250,
  });

const tellSlack = (port: number) => tell(slack, `http://127.0.0.1:${port}/hook`);

describe('84 a provider that', () => {
  test('accepts and stays silent is tried again later', async () => {
    const { port, allClosed } = await serveTcp(() => {});

    const { verdict } = await tellSlack(port);
    await allClosed();

    expect(verdict).toEqual({ result: 'retry', reason: 'no answer within 250 ms' });
  });

  test('drips its answer is tried again later', async () => {
    const { port } = await serveHttp((_, response) => {
      const drip = setInterval(() => response.write('o'), 20);
      response.on('close', () => clearInterval(drip));
    });

    expect((await tellSlack(port)).verdict).toEqual({ result: 'retry', reason: 'no answer within 250 ms' });
  });

  test('resets the connection is tried again later', async () => {
    const { port } = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));

    expect((await tellSlack(port)).verdict).toEqual({ result: 'retry', reason: 'ECONNRESET' });
  });

  test('is not there is tried again later', async () => {
    expect((await tellSlack(await closedPort())).verdict).toEqual({
      result: 'retry',
      reason: 'ECONNREFUSED',
    });
  });

  test('does not speak HTTP is tried again later', async () => {
    const { port } = await serveBytes('SSH-2.0-OpenSSH\r\n');

    expect((await tellSlack(port)).verdict).toEqual({ result: 'retry', reason: 'HPE_INVALID_CONSTANT' });
  });

  test('sends a body without end is cut off, and what it said is kept short', async () => {
    const { port, allClosed } = await serveHttp((_, response) => {
      response.writeHead(500);
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });

    const { verdict } = await tellSlack(port);
    await allClosed();

    expect(verdict).toMatchObject({
      result: 'retry',
      reason: expect.stringMatching(/^answered 500 x{200,290}…$/),
    });
  });

  test('redirects is not followed', async () => {
    const asked: string[] = [];
    const { port } = await serveHttp((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });

    expect((await tellSlack(port)).verdict).toEqual({ result: 'failed', reason: 'answered 307' });
    expect(asked).toEqual(['/hook']);
  });

  test('has a certificate nobody knows is tried again later', async () => {
    const authority = await createAuthority('nobody');
    const certificate = await issueCertificate(['localhost'], { authority });
    const { port } = await serveHttps(certificate, (_, response) => response.end('ok'));

    const { verdict } = await tell(slack, `https://localhost:${port}/hook`);

    expect(verdict.result).toBe('retry');
  });
});

test('79 a name that leads to a private address is not connected to', async () => {
  const { port, accepted } = await serveTcp(() => {});
  const { verdict } = await deliver(slack, firing(), slack.settings.parse({}), {
    aws,
    readSecret: async () => `https://localhost:${port}/hook`,
    now: () => openedAt,
    allowLoopback: false,
    timeoutMs: 250,
  });

  expect(verdict).toMatchObject({
    result: 'failed',
    reason: expect.stringContaining('loopback, private or reserved'),
  });
  expect(accepted()).toBe(0);
});

test('a message that cannot be made is a failure that says so, not a crash', async () => {
  const broken: typeof slack = {
    ...slack,
    render: () => {
      throw new Error('no such face');
    },
  };

  const { verdict } = await tell(broken, 'unused');

  expect(verdict).toEqual({ result: 'failed', reason: 'the message could not be made: no such face' });
});

test('a secret that is no mail server is reported, without its value', async () => {
  const settings = { from: 'tocsin@example.com', to: ['oncall@example.com'], smtp: { secret: 'smtp-url' } };

  const { verdict, secretMissing } = await tell(email, 'https://decoy-3456@example.com', settings);

  expect(secretMissing).toBe(true);
  expect(verdict).toMatchObject({
    result: 'retry',
    reason: expect.stringContaining('secret smtp-url is no URL like smtps://'),
  });
  expect(JSON.stringify(verdict)).not.toContain('decoy');
});
