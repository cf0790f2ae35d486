import { beforeAll, describe, expect, it } from 'vitest';
import { postgres } from '../../shared/monitors/postgres.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  issueCertificate,
} from '../support/certificates.ts';
import { checked } from '../support/kind-check.ts';
import { refusal, servePostgres } from '../support/postgres-server.ts';
import { closedPort, serveBytes, serveTcp } from '../support/servers.ts';

let root: Authority;
let credentials: Credentials;
beforeAll(async () => {
  root = await createAuthority('Test Root');
  credentials = await issueCertificate(['127.0.0.1'], { authority: root });
});

const decoy = 'decoy-4711-password';
const secrets = { context: { secrets: { db: decoy } } };
const password = { secret: 'db' };
const at = (port: number) => ({ target: `127.0.0.1:${port}` });

const query = 'SELECT * FROM jobs';

describe('a PostgreSQL monitor', () => {
  it('logs in, reads in a transaction that may do nothing else, and says goodbye', async () => {
    const server = await servePostgres();

    const found = await checked(postgres, { ...at(server.port), query });
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(server.heard).toEqual([
      'user tocsin database postgres',
      expect.stringMatching(/^BEGIN READ ONLY; SET LOCAL statement_timeout = [1-4]\d{3}$/),
      query,
      'goodbye',
    ]);
  });

  it.each([
    ['row.count == 2', 'up'],
    ['row.count > 2', 'down'],
    ['row $[0].waiting < 100', 'up'],
    ['row $[0].waiting > 100', 'down'],
    ['row $[*].waiting > 6', 'up'],
    ['row $[*].waiting > 7', 'down'],
    ['row $[0].ratio == 0.25', 'up'],
    ['row $[0].done == true', 'up'],
    ['row $[0].detail.state == "ok"', 'up'],
    ['row $[0].name == "a b"', 'up'],
    ['row $[1].name == null', 'up'],
    ['row $[0].name > 1', 'down'],
    ['row $[2].name exists', 'down'],
  ])('judges its rows: with %s is %s', async (line, outcome) => {
    const server = await servePostgres({
      columns: [
        ['waiting', 20],
        ['ratio', 1700],
        ['done', 16],
        ['detail', 3802],
        ['name', 25],
      ],
      rows: [
        ['7', '0.25', 't', '{"state":"ok"}', 'a b'],
        ['8', '1', 'f', '{}', null],
      ],
    });

    const found = await checked(postgres, at(server.port), { expect: [line] });

    expect(found.outcome).toBe(outcome);
    if (outcome === 'down') expect(found.excerpt).toContain('"waiting":7');
  });

  it('lets itself in with a password that nobody is shown', async () => {
    const server = await servePostgres({ password: decoy });

    const found = await checked(
      postgres,
      { ...at(server.port), user: 'probe', database: 'shop', password },
      secrets,
    );

    expect(found.outcome).toBe('up');
    expect(server.heard[0]).toBe('user probe database shop');
    expect(found.told).not.toContain('decoy');
  });

  it('speaks TLS before the login, and measures the certificate', async () => {
    const server = await servePostgres({ password: decoy, tls: credentials });
    const settings = { ...at(server.port), password, secure: true };

    const trusting = await checked(postgres, { ...settings, tls: { ca: root.cert } }, secrets);
    const refusing = await checked(postgres, settings, secrets);
    await server.allClosed();

    expect(trusting).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
    expect(Object.keys(trusting.timings!)).toEqual(['connect', 'firstByte', 'tls']);
    expect(refusing).toMatchObject({ outcome: 'down', reason: 'tls-certificate-untrusted', phase: 'tls' });
  });

  it('gives no password to a server without TLS where it asks for that', async () => {
    const server = await servePostgres({ password: decoy });

    const found = await checked(postgres, { ...at(server.port), password, secure: true }, secrets);

    expect(found).toMatchObject({ outcome: 'down', reason: 'protocol-error' });
    expect(found.message).toMatch(/^127\.0\.0\.1:\d+ offers no TLS$/);
    expect(server.heard).toEqual([]);
  });

  it.each(['public', 'private'] as const)(
    'connects to no loopback where it reaches %s addresses',
    async (reach) => {
      const server = await servePostgres();

      const found = await checked(postgres, at(server.port), { context: { reach } });

      expect(found).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
      expect(server.accepted()).toBe(0);
    },
  );
});

describe('a PostgreSQL monitor is down', () => {
  it('when nobody listens', async () => {
    expect(await checked(postgres, at(await closedPort()))).toMatchObject({ reason: 'connection-refused' });
  });

  it('with a wrong password, which the server repeats and nobody is shown', async () => {
    const server = await servePostgres({ password: 'another' });

    const found = await checked(postgres, { ...at(server.port), password }, secrets);
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'authentication-failed' });
    expect(found.message).toContain('28P01: password authentication failed: ***');
    expect(found.told).not.toContain('decoy');
  });

  it.each([
    ['42P01', 'relation "jobs" does not exist', 'query-failed'],
    ['25006', 'cannot execute DELETE in a read-only transaction', 'query-failed'],
    ['57014', 'canceling statement due to statement timeout', 'response-timeout'],
  ])('when its query is refused with %s', async (code, said, reason) => {
    const server = await servePostgres({
      answer: (sql) => (sql === query ? refusal(code, said) : undefined),
    });

    const found = await checked(postgres, { ...at(server.port), query });
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason });
    if (reason === 'query-failed') expect(found.message).toContain(`${code}: ${said}`);
  });

  it.each([
    ['hangs up', 'end', 'connection-reset'],
    ['resets', 'resetAndDestroy', 'connection-reset'],
  ] as const)('when it %s', async (_, leave, reason) => {
    const server = await serveTcp((socket) => void socket.once('data', () => socket[leave]()));

    expect(await checked(postgres, at(server.port))).toMatchObject({ outcome: 'down', reason });
  });

  it('when it is no PostgreSQL', async () => {
    const server = await serveBytes('HTTP/1.1 400 Bad Request\r\n\r\n');

    const found = await checked(postgres, at(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down' });
    expect(['protocol-error', 'connection-reset']).toContain(found.reason);
  });

  it('at the deadline, saying what it waits for', async () => {
    const server = await serveTcp(() => {});

    const found = await checked(postgres, at(server.port), { timeout: 150 });
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'response-timeout', phase: 'firstByte' });
    expect(found.message).toMatch(/waiting for the login of tocsin$/);
  });

  it('when it never stops talking', async () => {
    const server = await servePostgres({ rows: Array.from({ length: 1_100 }, () => ['9'.repeat(1_000)]) });

    const found = await checked(postgres, at(server.port));
    await server.allClosed();

    expect(found.message).toMatch(/said more than 1000000 bytes$/);
  });

  it('unknown, when its password is missing', async () => {
    expect(await checked(postgres, { ...at(1), password })).toMatchObject({
      outcome: 'unknown',
      reason: 'secret-missing',
    });
  });
});
