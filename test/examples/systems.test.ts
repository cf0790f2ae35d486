import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { resolve } from '../../shared/config/resolve.ts';
import type { Outcome } from '../../shared/monitors/observation.ts';
import { aigestion, anclora, blipee, strato } from '../support/health-bodies.ts';
import { probeContext } from '../support/http-monitor.ts';
import { servePostgres } from '../support/postgres-server.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { serveHttp } from '../support/servers.ts';

const secrets = { 'profile-token': 'decoy-token', 'database-password': 'decoy-password' };

type Paths = Record<string, (response: ServerResponse, authorization: string | undefined) => void>;

const saying =
  (body: unknown, status = 200) =>
  (response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const page = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>');
const ok = saying({ status: 'ok' });

/** The sites of the five systems while all is well. */
const sites: Record<string, Paths> = {
  'ai-doc-editor': { '/': page, '/health': ok },
  aigestion: {
    '/': page,
    '/health': saying({ status: 'healthy' }),
    '/health/metrics': saying(aigestion(true)),
  },
  blipee: { '/': page, '/api/health': saying(blipee('healthy')) },
  anclora: { '/health/live': ok, '/health/ready': ok, '/health': saying(anclora('pass')) },
  strato: {
    '/health': ok,
    '/health/detailed': saying(strato('closed')),
    '/api/profile': (response, authorization) =>
      response.writeHead(authorization === 'Bearer decoy-token' ? 200 : 401).end(),
    '/api/campaigns': saying([]),
  },
};

/** What each monitor of an example says of a site, by its id. */
async function outcomesOf(name: string, broken: Paths = {}) {
  const paths = { ...sites[name], ...broken };
  const site = await serveHttp((request, response) => {
    const answer = paths[request.url!];
    if (answer) answer(response, request.headers.authorization);
    else response.writeHead(404).end();
  });
  const database = await servePostgres({
    password: secrets['database-password'],
    columns: [['pool', 23]],
    rows: [['42']],
  });
  const config = await configOf(name, `http://localhost:${site.port}`, `127.0.0.1:${database.port}`);
  const outcomes: Record<string, Outcome> = {};
  for (const monitor of config.monitors.filter(({ kind }) => kind !== 'heartbeat'))
    outcomes[monitor.id] = (await checkQuickly(monitor, probeContext({ secrets }))).outcome;
  return outcomes;
}

/** An example as `npm start` reads it. */
async function configOf(name: string, site: string, database: string) {
  vi.resetModules();
  vi.stubEnv('SITE_URL', site);
  vi.stubEnv('DATABASE_HOST', database);
  const file = await import(`../../examples/${name}/tocsin.config.ts`);
  vi.unstubAllEnvs();
  const resolved = resolve(file.default, { local: true });
  if ('problems' in resolved) throw new Error(JSON.stringify(resolved.problems));
  return resolved.config;
}

describe.each(Object.keys(sites))('the example %s', (name) => {
  it('finds its system well', async () => {
    const outcomes = await outcomesOf(name);
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['up']));
  });

  it('is checked from AWS once its site is not on this machine', async () => {
    vi.resetModules();
    vi.stubEnv('SITE_URL', 'https://www.example.com');
    const file = await import(`../../examples/${name}/tocsin.config.ts`);
    vi.unstubAllEnvs();
    expect(resolve(file.default, { local: false })).toMatchObject({ config: { name } });
  });
});

it.each<[string, string, Paths, Record<string, string>]>([
  [
    'blipee',
    'answers 503 because it is degraded',
    { '/api/health': saying(blipee('degraded', 'degraded'), 503) },
    { app: 'up', health: 'degraded' },
  ],
  [
    'blipee',
    'is unhealthy with 503',
    { '/api/health': saying(blipee('unhealthy'), 503) },
    { app: 'up', health: 'down' },
  ],
  [
    'aigestion',
    'calls itself healthy without Redis',
    { '/health/metrics': saying(aigestion(false)) },
    { frontend: 'up', api: 'up', system: 'down' },
  ],
  [
    'anclora',
    'has a queue that only warns',
    { '/health': saying(anclora('warn')) },
    { live: 'up', ready: 'up', health: 'degraded' },
  ],
  [
    'strato',
    'has opened a circuit breaker',
    { '/health/detailed': saying(strato('open'), 503) },
    { api: 'up', system: 'degraded', profile: 'up', campaigns: 'up' },
  ],
  [
    'strato',
    'lets nobody in',
    { '/api/profile': (response) => response.writeHead(401).end() },
    { api: 'up', system: 'up', profile: 'down', campaigns: 'up' },
  ],
])('%s is seen when it %s', async (name, _, broken, outcomes) => {
  expect(await outcomesOf(name, broken)).toEqual(outcomes);
});
