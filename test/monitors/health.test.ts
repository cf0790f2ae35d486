import { describe, expect, it } from 'vitest';
import { parse } from '../../shared/conditions/parse.ts';
import type { Condition, Monitor } from '../../shared/config/config.ts';
import { type HealthSettings, healthSettings } from '../../shared/monitors/health/settings.ts';
import { health } from '../../shared/monitors/health.ts';
import type { Observation } from '../../shared/monitors/observation.ts';
import { probeContext } from '../support/http-monitor.ts';
import { aMonitor } from '../support/monitor.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { serveHttp } from '../support/servers.ts';

const conditionOf = (line: string): Condition => {
  const parsed = parse(line, health.properties);
  if ('problem' in parsed) throw new Error(`${line}: ${parsed.problem.allowed}, ${parsed.problem.fix}`);
  return parsed.condition;
};

interface Watched {
  status?: number;
  settings?: object;
  expect?: string[];
  degraded?: string[];
}

/** What one check sees of a target that answers with this body. */
async function observe(
  body: unknown,
  { status = 200, settings, ...lines }: Watched = {},
): Promise<Observation> {
  const server = await serveHttp((_, response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)),
  );
  const monitor: Monitor<HealthSettings> = {
    ...aMonitor({ kind: 'health', localOnly: true }),
    settings: healthSettings.parse({ url: `http://127.0.0.1:${server.port}/health`, ...settings }),
    expect: (lines.expect ?? []).map(conditionOf),
    degraded: (lines.degraded ?? []).map(conditionOf),
  };
  const observation = await checkQuickly(monitor, { ...probeContext(), kinds: { health } });
  await server.allClosed();
  return observation;
}

const report = {
  status: 'degraded',
  checks: {
    database: { status: 'healthy', latency: 12 },
    'message queue': { status: 'degraded', latency: 1_763_618_400_000, error: 'it lags by 40 s' },
  },
};

describe('a health monitor', () => {
  it('is up with what the parts of a healthy target say', async () => {
    const { outcome, reason, components } = await observe({
      status: 'ok',
      checks: { database: report.checks.database },
    });
    expect({ outcome, reason, components }).toEqual({
      outcome: 'up',
      reason: undefined,
      components: [{ name: 'database', outcome: 'up', latency: 12 }],
    });
  });

  it('is degraded at once, with its answer, when the target says so with 503', async () => {
    const observation = await observe(report, { status: 503 });
    expect(observation).toMatchObject({
      outcome: 'degraded',
      reason: 'degraded',
      message: 'health is degraded (status 503): message queue degraded',
      excerpt: expect.stringContaining('it lags'),
      components: [{ name: 'message queue', message: 'it lags by 40 s' }, { name: 'database' }],
    });
    expect(observation.attempts).toBeUndefined();
  });

  it('is down after a second look when the target says so with 200', async () => {
    const observation = await observe({ status: 'ok', checks: { database: false } });
    expect(observation).toMatchObject({
      outcome: 'down',
      reason: 'unhealthy',
      message: 'health is unhealthy (status 200): database unhealthy',
    });
    expect(observation.attempts).toHaveLength(2);
  });

  it('goes by the status code where it does not understand the body, and says so', async () => {
    expect(await observe('<html>', { status: 200 })).toMatchObject({
      outcome: 'up',
      note: expect.any(String),
    });
    expect(await observe('<html>', { status: 502 })).toMatchObject({
      outcome: 'down',
      note: expect.any(String),
    });
  });

  it('is only degraded by a component it can do without', async () => {
    const settings = { optional: ['cache'] };
    expect(await observe({ checks: { cache: false } }, { settings })).toMatchObject({ outcome: 'degraded' });
  });

  it('keeps at most 30 components, the worst of them first', async () => {
    const checks = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`part-${n}`, n !== 49]));
    const { components } = await observe({ checks });
    expect(components).toHaveLength(30);
    expect(components![0]).toEqual({ name: 'part-49', outcome: 'down' });
  });

  it.each([
    ['component database == healthy', undefined],
    ['component database != unhealthy', undefined],
    ['componentLatency database < 20ms', undefined],
    ['componentLatency database < 10ms', { seen: '12 ms' }],
    ['component "message queue" == healthy', { seen: '"degraded"' }],
    ['componentLatency "message queue" < 1s', { problem: expect.stringContaining('not evaluable') }],
    ['component redis == healthy', { problem: 'no redis component' }],
    ['component redis not exists', undefined],
    ['componentLatency redis < 1s', { problem: expect.stringContaining('no component redis, there are') }],
    ['healthStatus == healthy', { seen: '"degraded"' }],
    ['healthStatus != unhealthy', undefined],
    ['json $.checks.database.status == "healthy"', undefined],
    ['status == 200', { seen: '503' }],
  ])('judges %s', async (line, failure) => {
    const { failures, outcome } = await observe(report, { status: 503, expect: [line] });
    expect(failures).toEqual(failure && [{ line, ...failure }]);
    expect(outcome).toBe(failure ? 'down' : 'degraded');
  });

  it('is degraded by a condition that holds only at its best', async () => {
    const body = { status: 'ok', checks: { database: report.checks.database } };
    expect(await observe(body, { degraded: ['componentLatency database < 5ms'] })).toMatchObject({
      outcome: 'degraded',
      reason: 'condition-failed',
      message: 'expected componentLatency database < 5ms, got 12 ms',
    });
  });

  it('shows no secret that the target repeats in the name or message of a component', async () => {
    const token = 'a-secret-of-ours';
    const server = await serveHttp((_, response) =>
      response.end(
        JSON.stringify({ checks: { [`db ${token}`]: { status: 'fail', error: `bad token ${token}` } } }),
      ),
    );
    const monitor: Monitor<HealthSettings> = {
      ...aMonitor({ kind: 'health', localOnly: true }),
      settings: healthSettings.parse({
        url: `http://127.0.0.1:${server.port}/`,
        auth: { bearer: { secret: 'token' } },
      }),
    };
    const context = probeContext({ secrets: { token } });
    const observation = await checkQuickly(monitor, { ...context, kinds: { health } });
    expect(observation.components).toEqual([{ name: 'db ***', outcome: 'down', message: 'bad token ***' }]);
    expect(JSON.stringify(observation)).not.toContain(token);
  });
});

it.each([
  ['component database == pass', 'one of healthy, degraded, unhealthy, unknown'],
  ['component database matches /ok/', 'component database, then one of ==, !=, exists, not exists'],
  ['component == healthy', 'component, then a component name'],
])('%s is refused: %s', (line, allowed) => {
  expect(parse(line, health.properties)).toMatchObject({ problem: { allowed } });
});
