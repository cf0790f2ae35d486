import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { redis } from '../../shared/monitors/redis.ts';
import { createAuthority, issueCertificate } from '../support/certificates.ts';
import { checked } from '../support/kind-check.ts';
import { closedPort } from '../support/servers.ts';
import { program } from './program.ts';
import { running, temporaryDirectory } from './running.ts';

/** A server of its own, on loopback, that keeps nothing. */
async function startRedis(...args: string[]): Promise<number> {
  const port = await closedPort();
  const dir = temporaryDirectory('redis');
  const own = ['--bind', '127.0.0.1', '--save', '', '--dir', dir];
  const ports = args.includes('--tls-port') ? ['--port', '0'] : ['--port', String(port)];
  const all = [...own, ...ports, ...args].map((arg) => (arg === 'PORT' ? String(port) : arg));
  await running(program('redis-server'), all, /Ready to accept connections/);
  return port;
}

const at = (port: number) => ({ target: `127.0.0.1:${port}` });

it('is up with a real Redis, and reads its INFO', async () => {
  const port = await startRedis();

  const found = await checked(redis, at(port), {
    expect: ['info $.role == "master"', 'info $.connected_clients == 1', 'responseTime < 2s'],
  });

  expect(found).toMatchObject({ outcome: 'up' });
});

it('is let in by password and ACL, and is down without', async () => {
  const port = await startRedis(
    '--requirepass',
    'decoy-right',
    '--user',
    'probe',
    'on',
    '>decoy-probe',
    '+ping',
    '+select',
  );
  const check = (settings: object) =>
    checked(
      redis,
      { ...at(port), ...settings },
      {
        context: { secrets: { right: 'decoy-right', probe: 'decoy-probe', wrong: 'decoy-wrong' } },
      },
    );
  const password = (secret: string) => ({ password: { secret } });

  expect(await check(password('right'))).toMatchObject({ outcome: 'up' });
  expect(await check({ user: 'probe', ...password('probe'), database: 2 })).toMatchObject({ outcome: 'up' });
  for (const settings of [{}, password('wrong'), { user: 'probe', ...password('wrong') }]) {
    const found = await check(settings);
    expect(found).toMatchObject({ outcome: 'down', reason: 'authentication-failed' });
    expect(found.told).not.toContain('decoy-');
  }
});

it('speaks TLS with a real Redis', async () => {
  const root = await createAuthority('Test Root');
  const { key, cert } = await issueCertificate(['127.0.0.1'], { authority: root });
  const dir = temporaryDirectory('redis-tls');
  writeFileSync(path.join(dir, 'key.pem'), key);
  writeFileSync(path.join(dir, 'cert.pem'), cert);
  const files = ['--tls-key-file', path.join(dir, 'key.pem'), '--tls-cert-file', path.join(dir, 'cert.pem')];
  const port = await startRedis('--tls-port', 'PORT', ...files, '--tls-auth-clients', 'no');

  const found = await checked(redis, { ...at(port), secure: true, tls: { ca: root.cert } });

  expect(found).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
});
