import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { postgres } from '../../shared/monitors/postgres.ts';
import { type Authority, createAuthority, issueCertificate } from '../support/certificates.ts';
import { checked } from '../support/kind-check.ts';
import { closedPort } from '../support/servers.ts';
import { asNobody, running, temporaryDirectory, untilTheLastTest } from './running.ts';

/** Path of one of the server's own programs, which Debian keeps off the PATH. */
function serverProgram(name: string): string {
  const versions = '/usr/lib/postgresql';
  try {
    const [newest] = readdirSync(versions).sort((a, b) => Number(b) - Number(a));
    return path.join(versions, newest!, 'bin', name);
  } catch {
    throw new Error(
      `there is no ${versions}: install the package postgresql, as .ci/run does, and test again`,
    );
  }
}

const secrets = { right: 'decoy-right', wrong: 'decoy-wrong' };
let root: Authority;
let port: number;
beforeAll(async () => {
  const { atEnd, all } = untilTheLastTest();
  root = await createAuthority('Test Root');
  const { key, cert } = await issueCertificate(['127.0.0.1'], { authority: root });
  const directory = temporaryDirectory('postgres', atEnd);
  const own = (name: string, content: string) => {
    const file = path.join(directory, name);
    writeFileSync(file, content, { mode: 0o600 });
    if (asNobody.uid) chownSync(file, asNobody.uid, asNobody.gid);
    return file;
  };
  if (asNobody.uid) chownSync(directory, asNobody.uid, asNobody.gid);
  const data = path.join(directory, 'data');
  const password = own('password', secrets.right);
  const access = ['-U', 'postgres', '--pwfile', password, '--auth', 'scram-sha-256', '--no-sync'];
  execFileSync(serverProgram('initdb'), ['-D', data, ...access], {
    ...asNobody,
    cwd: directory,
    stdio: 'pipe',
  });
  port = await closedPort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    ssl: 'on',
    ssl_key_file: own('key.pem', key),
    ssl_cert_file: own('cert.pem', cert),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await running(
    serverProgram('postgres'),
    ['-D', data, '-p', String(port), ...options],
    /ready to accept connections/,
    { ...asNobody, cwd: directory, atEnd },
  );
  return all;
});

const check = (settings: object, options: { expect?: string[]; timeout?: number } = {}) =>
  checked(
    postgres,
    { target: `127.0.0.1:${port}`, user: 'postgres', password: { secret: 'right' }, ...settings },
    { context: { secrets }, ...options },
  );

describe('with a real PostgreSQL', () => {
  it('is up, and judges the rows of a query', async () => {
    const query =
      'SELECT count(*) AS tables, sum(1.5) AS sum, now() AS at, true AS yes, \'{"a":1}\'::jsonb AS j FROM pg_class';

    const found = await check(
      { query },
      {
        expect: [
          'row.count == 1',
          'row $[0].tables > 100',
          'row $[0].sum > 150',
          'row $[0].at matches /^20\\d\\d-/',
          'row $[0].yes == true',
          'row $[0].j.a == 1',
        ],
      },
    );

    expect(found.failures).toBeUndefined();
    expect(found).toMatchObject({ outcome: 'up' });
  });

  it('speaks TLS', async () => {
    const query = 'SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()';

    const found = await check(
      { secure: true, tls: { ca: root.cert }, query },
      { expect: ['row $[0].ssl == true', 'row $[0].version == "TLSv1.3"', 'certificate > 14d'] },
    );

    expect(found).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
  });

  it.each([
    [{ password: { secret: 'wrong' } }, 'authentication-failed', 'password authentication failed'],
    [{ password: undefined }, 'protocol-error', 'password'],
    [{ database: 'nowhere' }, 'query-failed', 'database "nowhere" does not exist'],
    [{ query: 'SELECT * FROM nothing' }, 'query-failed', 'relation "nothing" does not exist'],
    [{ query: 'CREATE TABLE t (n int)' }, 'query-failed', 'in a read-only transaction'],
    [{ query: 'COMMIT; CREATE TABLE t (n int)' }, 'query-failed', 'multiple commands'],
  ])('is down with %j: %s', async (settings, reason, message) => {
    const found = await check(settings);

    expect(found).toMatchObject({ outcome: 'down', reason });
    expect(found.message).toContain(message);
    expect(found.told).not.toContain('decoy');
  });

  it('ends a query with the time of the check, here and there', async () => {
    const found = await check({ query: 'SELECT pg_sleep(20)' }, { timeout: 500 });

    expect(found).toMatchObject({ outcome: 'down', reason: 'response-timeout' });
    const running =
      "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()";
    await expect
      .poll(async () => (await check({ query: running }, { expect: ['row $[0].n == 0'] })).outcome)
      .toBe('up');
  });
});
