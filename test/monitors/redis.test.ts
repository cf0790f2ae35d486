import { createSecureContext, TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeCommand, RespError, type RespReply, readReply } from '../../shared/monitors/redis/resp.ts';
import { redis } from '../../shared/monitors/redis.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  issueCertificate,
} from '../support/certificates.ts';
import { checked } from '../support/kind-check.ts';
import { bulk, serveRedis } from '../support/redis-server.ts';
import { closedPort, serveTcp } from '../support/servers.ts';

let root: Authority;
let credentials: Credentials;
beforeAll(async () => {
  root = await createAuthority('Test Root');
  credentials = await issueCertificate(['127.0.0.1'], { authority: root });
});

const decoy = 'decoy "password" 4711';
const secrets = { context: { secrets: { cache: decoy } } };
const password = { secret: 'cache' };
const at = (port: number) => ({ target: `127.0.0.1:${port}` });
const info =
  '# Server\r\nredis_version:7.4.0\r\n# Memory\r\nused_memory:1024\r\nrole:master\r\nratio:1.25\r\n';

const well = ([command]: string[]) =>
  ({ PING: '+PONG\r\n', AUTH: '+OK\r\n', SELECT: '+OK\r\n', INFO: bulk(info) })[command ?? ''];

describe('a Redis monitor', () => {
  it('is up when PING is answered, and asks for nothing else', async () => {
    const server = await serveRedis(well);

    const found = await checked(redis, at(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(server.heard).toEqual([['PING']]);
  });

  it.each([
    [{ password }, ['AUTH', decoy]],
    [{ user: 'probe', password }, ['AUTH', 'probe', decoy]],
    [{ user: 'probe' }, ['AUTH', 'probe', '']],
  ])('lets itself in with %j, and selects its database', async (own, command) => {
    const server = await serveRedis(well);

    const { outcome, told } = await checked(redis, { ...at(server.port), ...own, database: 3 }, secrets);

    expect(outcome).toBe('up');
    expect(server.heard.slice(0, 2)).toEqual([command, ['SELECT', '3']]);
    expect(told).not.toContain('decoy');
  });

  it.each([
    ['info $.role == "master"', 'up'],
    ['info $.used_memory < 2000', 'up'],
    ['info $.ratio > 1.2', 'up'],
    ['info $.redis_version matches /^7/', 'up'],
    ['info $.used_memory > 2000', 'down'],
    ['info $.no_such_field exists', 'down'],
  ])('asks INFO, and with %s is %s', async (line, outcome) => {
    const server = await serveRedis(well);

    const found = await checked(redis, at(server.port), { expect: [line] });
    await server.allClosed();

    expect(found.outcome).toBe(outcome);
  });

  it('speaks TLS, and measures the certificate', async () => {
    const secured = (socket: ConstructorParameters<typeof TLSSocket>[0]) =>
      new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(credentials) }).on(
        'error',
        () => {},
      );
    const server = await serveRedis(well, secured);

    const trusting = { ...at(server.port), secure: true, tls: { ca: root.cert } };
    expect(await checked(redis, trusting)).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
    expect(await checked(redis, { ...at(server.port), secure: true })).toMatchObject({
      outcome: 'down',
      reason: 'tls-certificate-untrusted',
    });
    await server.allClosed();
  });

  it.each(['public', 'private'] as const)(
    'connects to no loopback where it reaches %s addresses',
    async (reach) => {
      const server = await serveRedis(well);

      const found = await checked(redis, at(server.port), { context: { reach } });

      expect(found).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
      expect(server.accepted()).toBe(0);
    },
  );
});

describe('a Redis monitor is down', () => {
  it('when nobody listens', async () => {
    expect(await checked(redis, at(await closedPort()))).toMatchObject({ reason: 'connection-refused' });
  });

  it.each([
    ['-NOAUTH Authentication required.', 'authentication-failed'],
    ['-WRONGPASS invalid username-password pair', 'authentication-failed'],
    ['-LOADING Redis is loading the dataset in memory', 'query-failed'],
    ['+HELLO', 'protocol-error'],
    ['HTTP/1.1 400 Bad Request', 'protocol-error'],
    ['$x', 'protocol-error'],
  ])('when it answers %s', async (answer, reason) => {
    const server = await serveRedis(() => `${answer}\r\n`);

    const found = await checked(redis, at(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason });
    expect(found.message).toContain(answer.slice(1));
  });

  it('without telling the password, whoever repeats it', async () => {
    const server = await serveRedis(([, ...words]) => `-ERR wrong: ${words.join(' ')}\r\n`);

    const found = await checked(redis, { ...at(server.port), password }, secrets);

    expect(found).toMatchObject({ reason: 'authentication-failed' });
    expect(found.told).toContain('wrong: ***');
    expect(found.told).not.toMatch(/decoy|4711/);
  });

  it.each([
    ['hangs up', (s: { end(): void; resetAndDestroy(): void }) => s.end()],
    ['resets', (s: { end(): void; resetAndDestroy(): void }) => s.resetAndDestroy()],
  ])('when it %s', async (_, leave) => {
    const server = await serveTcp((socket) => void socket.once('data', () => leave(socket)));

    expect(await checked(redis, at(server.port))).toMatchObject({ reason: 'connection-reset' });
  });

  it('at the deadline, saying what it waits for', async () => {
    const server = await serveRedis(() => undefined);

    const found = await checked(redis, at(server.port), { timeout: 150 });
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'response-timeout', phase: 'firstByte' });
    expect(found.message).toMatch(/waiting for the reply to PING$/);
  });

  it('when it never stops talking', async () => {
    const server = await serveRedis(() => `$9999999\r\n${'x'.repeat(1_100_000)}`);

    const found = await checked(redis, at(server.port));
    await server.allClosed();

    expect(found.message).toMatch(/said more than 1000000 bytes at once$/);
  });

  it('unknown, when its password is missing', async () => {
    const found = await checked(redis, { ...at(1), password });

    expect(found).toMatchObject({ outcome: 'unknown', reason: 'secret-missing' });
  });
});

describe('replies of Redis', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const { reply } = fc.letrec<{ reply: RespReply }>((tie) => ({
    reply: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.constant(null),
      fc.constant(new RespError('ERR no')),
      fc.array(tie('reply'), { maxLength: 4 }),
    ),
  }));

  function encode(value: RespReply): string {
    if (value === null) return '$-1\r\n';
    if (typeof value === 'number') return `:${value}\r\n`;
    if (typeof value === 'string') return bulk(value);
    if (value instanceof RespError) return `-${value.message}\r\n`;
    return `*${value.length}\r\n${value.map(encode).join('')}`;
  }

  it('are read as they were written, and none before it is whole', () => {
    fc.assert(
      fc.property(reply, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, part) => {
        const bytes = Buffer.from(encode(value));
        expect(readReply(bytes)).toEqual({ value, end: bytes.length });
        expect(readReply(bytes.subarray(0, Math.floor(bytes.length * part)))).toBeUndefined();
      }),
    );
  });

  it('do not nest without end', () => {
    expect(() => readReply(Buffer.from('*1\r\n'.repeat(20)))).toThrow(SyntaxError);
  });

  it('answer commands whose words may hold anything', () => {
    expect(encodeCommand(['AUTH', 'grün\r\n']).toString()).toBe('*2\r\n$4\r\nAUTH\r\n$7\r\ngrün\r\n\r\n');
  });
});
