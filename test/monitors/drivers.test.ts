import { expect, it } from 'vitest';
import { loadDrivers } from '../../shared/monitors/drivers.ts';
import { http } from '../../shared/monitors/http.ts';
import { runRequested } from '../../shared/monitors/probe.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { serveHttp } from '../support/servers.ts';

it('loads the driver of each kind once, and no other', async () => {
  const loaded: string[] = [];
  const kindWith = (name: string) => ({ ...http, loadDriver: async () => loaded.push(name) });
  const kinds = { http, postgres: kindWith('pg'), mysql: kindWith('mysql2') };
  const monitors = ['http', 'postgres', 'postgres', 'unheard-of'].map((kind) => ({
    ...httpMonitor('http://127.0.0.1/'),
    kind,
  }));

  await loadDrivers(kinds, monitors);

  expect(loaded).toEqual(['pg']);
});

it('is done before anything is checked, and a driver that is not there stops nobody', async () => {
  const done: string[] = [];
  const server = await serveHttp((_, response) => {
    done.push('checked');
    response.end();
  });
  const { readSecret, network } = probeContext();
  const monitors = ['http', 'slow', 'missing'].map((kind) => ({
    ...httpMonitor(`http://127.0.0.1:${server.port}/`),
    id: kind,
    kind,
    localOnly: true,
  }));
  const slow = () => new Promise((resolve) => setImmediate(() => resolve(done.push('loaded'))));
  const missing = () => Promise.reject(new Error('Cannot find package'));
  const probe = {
    kinds: { http, slow: { ...http, loadDriver: slow }, missing: { ...http, loadDriver: missing } },
    location: 'home',
    reach: 'public' as const,
    isLocal: true,
    now: Date.now,
    readSecret,
    resolve: network.resolve,
    witness: [],
    send: async () => {},
  };
  const shard = { id: '60s-0', location: 'home', every: 60_000, monitors };

  await runRequested(probe, [shard], ['http', 'slow', 'missing'], 'now');

  expect(done).toEqual(['loaded', 'checked', 'checked', 'checked']);
});
