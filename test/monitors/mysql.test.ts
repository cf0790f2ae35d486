import { describe, expect, it } from 'vitest';
import { mysql } from '../../shared/monitors/mysql.ts';
import { checked } from '../support/kind-check.ts';
import { cachingSha2 } from '../support/mysql-caching-sha2.ts';
import { refusal, serveMysql } from '../support/mysql-server.ts';
import { closedPort, serveTcp } from '../support/servers.ts';

const decoy = 'decoy-4711-password';
const secrets = { context: { secrets: { db: decoy } } };
const password = { secret: 'db' };
const at = (port: number) => ({ target: `127.0.0.1:${port}` });
const query = 'SELECT * FROM jobs';

describe('a MySQL monitor', () => {
  it('logs in, reads in a transaction that may do nothing else, and says goodbye', async () => {
    const server = await serveMysql();

    const found = await checked(mysql, { ...at(server.port), password, query }, secrets);
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(server.heard).toEqual([
      'tocsin',
      expect.stringMatching(/max_execution_time = [1-4]\d{3} .* max_statement_time = [1-4]\.\d+ /),
      'SET SESSION TRANSACTION READ ONLY',
      'START TRANSACTION READ ONLY',
      query,
      'goodbye',
    ]);
    expect(found.told).not.toContain('decoy');
  });

  it.each([
    ['row.count == 2', 'up'],
    ['row.count > 2', 'down'],
    ['row $[0].waiting < 100', 'up'],
    ['row $[*].waiting > 7', 'down'],
    ['row $[0].ratio == 0.25', 'up'],
    ['row $[1].name == "c"', 'up'],
    ['row $[2].name exists', 'down'],
  ])('judges its rows: with %s is %s', async (line, outcome) => {
    const server = await serveMysql({
      columns: [
        ['waiting', 8],
        ['ratio', 246],
        ['name', 253],
      ],
      rows: [
        ['7', '0.25', 'a b'],
        ['8', '1.00', 'c'],
      ],
    });

    const found = await checked(mysql, at(server.port), { expect: [line] });

    expect(found.outcome).toBe(outcome);
    if (outcome === 'down') expect(found.excerpt).toContain('"waiting":7');
  });

  it.each([
    ['that knows it already, by a proof', true, ['proof: true']],
    ['that does not, by its key', false, ['proof: not known here', 'asked for the key', 'password: true']],
  ])('gives its password to a MySQL 8 %s', async (_, isCached, expected) => {
    const seen: string[] = [];
    const server = await serveMysql({ authenticate: cachingSha2(decoy, { isCached, seen }) });

    const found = await checked(mysql, { ...at(server.port), password }, secrets);
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'up' });
    expect(seen).toEqual(expected);
    expect(found.told).not.toContain('decoy');
  });

  it.each([true, false])(
    'is turned away by a MySQL 8 with another password (known: %s)',
    async (isCached) => {
      const server = await serveMysql({ authenticate: cachingSha2('another', { isCached, seen: [] }) });

      const found = await checked(mysql, { ...at(server.port), password }, secrets);
      await server.allClosed();

      expect(found).toMatchObject({ outcome: 'down', reason: 'authentication-failed' });
    },
  );

  it('gives no password to a server without TLS where it asks for that', async () => {
    const server = await serveMysql();

    const found = await checked(mysql, { ...at(server.port), password, secure: true }, secrets);
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason: 'protocol-error' });
    expect(found.message).toContain('does not support secure connection');
    expect(server.heard).toEqual([]);
  });

  it.each(['public', 'private'] as const)(
    'connects to no loopback where it reaches %s addresses',
    async (reach) => {
      const server = await serveMysql();

      const found = await checked(mysql, at(server.port), { context: { reach } });

      expect(found).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
      expect(server.accepted()).toBe(0);
    },
  );
});

describe('a MySQL monitor is down', () => {
  it('when nobody listens', async () => {
    expect(await checked(mysql, at(await closedPort()))).toMatchObject({ reason: 'connection-refused' });
  });

  it('with a wrong password, which the server repeats and nobody is shown', async () => {
    const server = await serveMysql({ login: refusal(1045, '28000', `Access denied (${decoy})`) });

    const found = await checked(mysql, { ...at(server.port), password }, secrets);
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'authentication-failed' });
    expect(found.message).toContain('ER_ACCESS_DENIED_ERROR: Access denied (***)');
    expect(found.told).not.toContain('decoy');
  });

  it.each([
    [1146, "Table 'jobs' doesn't exist", 'query-failed'],
    [1792, 'Cannot execute statement in a READ ONLY transaction.', 'query-failed'],
    [3024, 'Query execution was interrupted, maximum statement execution time exceeded', 'response-timeout'],
  ])('when its query is refused with %i', async (number, said, reason) => {
    const server = await serveMysql({
      answer: (sql) => (sql === query ? refusal(number, '42000', said) : undefined),
    });

    const found = await checked(mysql, { ...at(server.port), query });
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason });
    if (reason === 'query-failed') expect(found.message).toContain(`: ${said}`);
  });

  it.each([['end'], ['resetAndDestroy']] as const)('when its connection ends: %s', async (leave) => {
    const server = await serveTcp((socket) => void socket[leave]());

    expect(await checked(mysql, at(server.port))).toMatchObject({
      outcome: 'down',
      reason: 'connection-reset',
    });
  });

  it('when it is no MySQL', async () => {
    const server = await serveTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'.repeat(10)));

    const found = await checked(mysql, at(server.port));
    await server.allClosed();

    expect(found.outcome).toBe('down');
  });

  it('at the deadline, saying what it waits for', async () => {
    const server = await serveTcp(() => {});

    const found = await checked(mysql, at(server.port), { timeout: 150 });
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'response-timeout', phase: 'firstByte' });
    expect(found.message).toMatch(/waiting for the login of tocsin$/);
  });

  it('when it never stops talking', async () => {
    const server = await serveMysql({ rows: Array.from({ length: 1_100 }, () => ['9'.repeat(1_000)]) });

    const found = await checked(mysql, at(server.port));
    await server.allClosed();

    expect(found.message).toMatch(/said more than 1000000 bytes$/);
  });

  it('unknown, when its password is missing', async () => {
    expect(await checked(mysql, { ...at(1), password })).toMatchObject({
      outcome: 'unknown',
      reason: 'secret-missing',
    });
  });
});
