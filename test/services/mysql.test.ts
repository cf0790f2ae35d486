import { execFileSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mysql } from '../../shared/monitors/mysql.ts';
import { type Authority, createAuthority, issueCertificate } from '../support/certificates.ts';
import { checked } from '../support/kind-check.ts';
import { closedPort } from '../support/servers.ts';
import { program } from './program.ts';
import { asNobody, running, temporaryDirectory, untilTheLastTest } from './running.ts';

const secrets = { right: 'decoy-right', wrong: 'decoy-wrong' };
let root: Authority;
let port: number;
beforeAll(async () => {
  const { atEnd, all } = untilTheLastTest();
  const server = program('mariadbd');
  root = await createAuthority('Test Root');
  const { key, cert } = await issueCertificate(['127.0.0.1'], { authority: root });
  const directory = temporaryDirectory('mysql', atEnd);
  const own = (name: string, content: string) => {
    const file = path.join(directory, name);
    writeFileSync(file, content, { mode: 0o600 });
    if (asNobody.uid) chownSync(file, asNobody.uid, asNobody.gid);
    return file;
  };
  if (asNobody.uid) chownSync(directory, asNobody.uid, asNobody.gid);
  const data = `--datadir=${path.join(directory, 'data')}`;
  const install = ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db', data];
  execFileSync(program('mariadb-install-db'), install, { ...asNobody, cwd: directory, stdio: 'pipe' });
  const init = own(
    'init.sql',
    [
      `CREATE USER tocsin@'127.0.0.1' IDENTIFIED BY '${secrets.right}';`,
      "GRANT ALL ON *.* TO tocsin@'127.0.0.1';",
      'CREATE DATABASE shop;',
    ].join('\n'),
  );
  port = await closedPort();
  const options = {
    port,
    'bind-address': '127.0.0.1',
    socket: path.join(directory, 'socket'),
    'pid-file': path.join(directory, 'pid'),
    'init-file': init,
    'skip-name-resolve': 'ON',
    'ssl-key': own('key.pem', key),
    'ssl-cert': own('cert.pem', cert),
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  await running(server, ['--no-defaults', data, ...args], /ready for connections/, {
    ...asNobody,
    cwd: directory,
    atEnd,
  });
  return all;
});

const check = (settings: object, options: { expect?: string[]; timeout?: number } = {}) =>
  checked(
    mysql,
    { target: `127.0.0.1:${port}`, password: { secret: 'right' }, ...settings },
    { context: { secrets }, ...options },
  );

describe('with a real MariaDB', () => {
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
