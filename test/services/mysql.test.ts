import { beforeAll, describe, expect, it } from 'vitest';
import { mysql } from '../../shared/monitors/mysql.ts';
import { type Authority, createAuthority, issueCertificate } from '../support/certificates.ts';
import { checked } from '../support/kind-check.ts';
import { type Program, runMysql } from './mysql-servers.ts';
import { program } from './program.ts';
import { untilTheLastTest } from './running.ts';

const secrets = { right: 'decoy-right', wrong: 'decoy-wrong' };

/** Path of MySQL itself, where there is one: Debian has none, Ubuntu's is in `mysql-server-core-8.0`. MariaDB is always there. */
const { MYSQLD } = process.env;

const servers: [name: string, program: () => Program][] = [
  [
    'MariaDB',
    () => ({
      server: program('mariadbd'),
      install: [program('mariadb-install-db'), '--auth-root-authentication-method=normal', '--skip-test-db'],
    }),
  ],
];
if (MYSQLD)
  servers.push([
    'MySQL',
    () => ({
      server: MYSQLD,
      install: [MYSQLD, '--initialize-insecure'],
      options: { mysqlx: 'OFF', 'secure-file-priv': 'NULL' },
    }),
  ]);

const statements = ['tocsin', 'encrypted', 'plain'].flatMap((user) => [
  `CREATE USER ${user}@'127.0.0.1' IDENTIFIED BY '${secrets.right}';`,
  `GRANT ALL ON *.* TO ${user}@'127.0.0.1';`,
]);

describe.each(servers)('with a real %s', (name, own) => {
  let root: Authority;
  let port: number;
  beforeAll(async () => {
    const { atEnd, all } = untilTheLastTest();
    root = await createAuthority('Test Root');
    const credentials = await issueCertificate(['127.0.0.1'], { authority: root });
    port = await runMysql(own(), credentials, [...statements, 'CREATE DATABASE shop;'], atEnd);
    return all;
  });

  const check = (settings: object, options: { expect?: string[]; timeout?: number } = {}) =>
    checked(
      mysql,
      { target: `127.0.0.1:${port}`, password: { secret: 'right' }, ...settings },
      { context: { secrets }, ...options },
    );

  it('is up, and judges the rows of a query', async () => {
    const query =
      "SELECT COUNT(*) AS tables, 1.5 + 1 AS half, NOW() AS at, NULL AS none, 'a b' AS text FROM information_schema.tables";

    const found = await check(
      { query, database: 'shop' },
      {
        expect: [
          'row.count == 1',
          'row $[0].tables > 10',
          'row $[0].half == 2.5',
          'row $[0].at matches /^20\\d\\d-/',
          'row $[0].none == null',
          'row $[0].text == "a b"',
        ],
      },
    );

    expect(found.failures).toBeUndefined();
    expect(found).toMatchObject({ outcome: 'up' });
  });

  it('speaks TLS', async () => {
    const query = "SHOW STATUS LIKE 'Ssl_version'";

    const trusting = await check(
      { secure: true, tls: { ca: root.cert }, query },
      { expect: ['row $[0].Value == "TLSv1.3"', 'certificate > 14d'] },
    );
    const refusing = await check({ secure: true });

    expect(trusting).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
    expect(refusing).toMatchObject({ outcome: 'down', reason: 'tls-certificate-untrusted', phase: 'tls' });
  });

  it.each([
    ['encrypted', true],
    ['plain', false],
  ])('lets %s in with its password, the first time and again', async (user, secure) => {
    const settings = { user, secure, tls: { ca: root.cert } };
    const plugin = "SELECT plugin FROM mysql.user WHERE CONCAT(user, '@', host) = CURRENT_USER()";
    const expected = name === 'MySQL' ? 'caching_sha2_password' : 'mysql_native_password';

    const refused = await check({ ...settings, password: { secret: 'wrong' } });
    const first = await check(settings);
    const again = await check(
      { ...settings, query: plugin },
      { expect: [`row $[0].plugin == "${expected}"`] },
    );

    expect(refused).toMatchObject({ outcome: 'down', reason: 'authentication-failed' });
    expect(first).toMatchObject({ outcome: 'up' });
    expect(again.failures).toBeUndefined();
    expect(again).toMatchObject({ outcome: 'up' });
    for (const { told } of [refused, first, again]) expect(told).not.toContain('decoy');
  });

  it.each([
    [{ password: { secret: 'wrong' } }, 'authentication-failed', 'Access denied'],
    [{ password: undefined }, 'authentication-failed', 'Access denied'],
    [{ database: 'nowhere' }, 'query-failed', "Unknown database 'nowhere'"],
    [{ query: 'SELECT * FROM shop.nothing' }, 'query-failed', "Table 'shop.nothing' doesn't exist"],
    [{ query: 'CREATE TABLE shop.t (n int)' }, 'query-failed', 'READ ONLY transaction'],
    [
      { query: 'COMMIT; CREATE TABLE shop.t (n int)' },
      'query-failed',
      'You have an error in your SQL syntax',
    ],
  ])('is down with %j: %s', async (settings, reason, message) => {
    const found = await check(settings);

    expect(found).toMatchObject({ outcome: 'down', reason });
    expect(found.message).toContain(message);
    expect(found.told).not.toContain('decoy');
  });

  it('ends a query with the time of the check, here and there', async () => {
    const found = await check({ query: 'SELECT SLEEP(20)' }, { timeout: 500 });

    expect(found).toMatchObject({ outcome: 'down', reason: 'response-timeout' });
    const running =
      "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'";
    await expect
      .poll(async () => (await check({ query: running }, { expect: ['row $[0].n == 0'] })).outcome)
      .toBe('up');
  });
});
