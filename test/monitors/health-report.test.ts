import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHealth } from '../../shared/monitors/health/report.ts';
import type { Outcome } from '../../shared/monitors/observation.ts';
import { aigestion, anclora, blipee, strato, wallClock } from '../support/health-bodies.ts';

const healthJson = {
  status: 'warn',
  checks: {
    'cassandra:responseTime': [
      { componentId: 'dfd6cf2b', observedValue: 250, observedUnit: 'ms', status: 'pass' },
    ],
    'cassandra:connections': [{ observedValue: 75, status: 'warn', output: 'nearly all are taken' }],
    uptime: [{ componentType: 'system', observedValue: 1_209_600.245, observedUnit: 's', status: 'pass' }],
    'cpu:utilization': [
      { componentId: 'node-1', observedValue: 85, observedUnit: 'percent', status: 'pass' },
      { observedValue: 85, observedUnit: 'percent', status: 'pass' },
    ],
  },
};

const actuator = {
  status: 'DOWN',
  components: {
    db: {
      status: 'UP',
      components: {
        primary: { status: 'UP', details: { database: 'H2', validationQuery: 'isValid()' } },
        replica: { status: 'DOWN', details: { error: 'java.net.ConnectException: refused' } },
      },
    },
    diskSpace: { status: 'UP', details: { total: 1e12, free: 5e11 } },
    custom: { status: 'UNKNOWN' },
    maintenance: { status: 'OUT_OF_SERVICE' },
  },
};

const microprofile = {
  status: 'UP',
  checks: [
    { name: 'Database connections', status: 'UP', data: { responseTime: 'PT0.012S' } },
    { name: 'queue', status: 'DOWN', data: { error: 'no broker' } },
  ],
};

const aspnet = {
  status: 'Degraded',
  totalDuration: '00:00:01.2000000',
  entries: {
    sql: { status: 'Healthy', duration: '00:00:00.0123' },
    disk: { status: 'Degraded', duration: '00:00:01.1', description: 'slow' },
  },
};

interface Case {
  what: string;
  body: unknown;
  status?: number;
  optional?: string[];
  shape: string;
  outcome: Outcome;
  components?: Record<string, [Outcome, number | undefined]>;
  note?: string;
}

const cases: Case[] = [
  {
    what: 'a healthy service with three checks',
    body: blipee('healthy'),
    shape: 'checks',
    outcome: 'up',
    components: { database: ['up', 12], cache: ['up', undefined], external_apis: ['up', undefined] },
  },
  {
    what: 'degraded with 503',
    body: blipee('degraded', 'degraded'),
    status: 503,
    shape: 'checks',
    outcome: 'degraded',
  },
  { what: 'degraded with 500', body: blipee('degraded'), status: 500, shape: 'checks', outcome: 'degraded' },
  { what: 'unhealthy with 503', body: blipee('unhealthy'), status: 503, shape: 'checks', outcome: 'down' },
  { what: 'unhealthy with 200', body: blipee('unhealthy'), shape: 'checks', outcome: 'down' },
  {
    what: 'healthy with 500: the worse of both',
    body: blipee('healthy'),
    status: 500,
    shape: 'checks',
    outcome: 'down',
    note: 'it says that it is healthy: the status code decides',
  },
  {
    what: 'a component worse than the whole',
    body: blipee('degraded', 'unhealthy'),
    shape: 'checks',
    outcome: 'down',
  },
  {
    what: 'the same component, which is optional',
    body: blipee('degraded', 'unhealthy'),
    optional: ['cache'],
    shape: 'checks',
    outcome: 'degraded',
  },
  {
    what: 'checks that pass, with durations',
    body: anclora('pass'),
    shape: 'checks',
    outcome: 'up',
    components: { redis: ['up', 3], queue: ['up', 8], memory: ['up', undefined] },
  },
  { what: 'a check that warns', body: anclora('warn'), shape: 'checks', outcome: 'degraded' },
  {
    what: 'components that are booleans, and a time of day for a latency',
    body: aigestion(true),
    shape: 'metrics',
    outcome: 'up',
    components: { database: ['up', undefined], redis: ['up', 4], ai: ['up', 220] },
  },
  {
    what: 'a component that is false under a status that never changes',
    body: aigestion(false),
    shape: 'metrics',
    outcome: 'down',
  },
  {
    what: 'closed circuit breakers',
    body: strato('CLOSED'),
    shape: 'checks',
    outcome: 'up',
    components: { database: ['up', 9], api: ['up', undefined], 'circuitBreakers/openai': ['up', undefined] },
  },
  { what: 'an open circuit breaker', body: strato('OPEN'), shape: 'checks', outcome: 'degraded' },
  {
    what: 'health+json',
    body: healthJson,
    shape: 'health+json',
    outcome: 'degraded',
    components: {
      'cassandra:responseTime': ['up', 250],
      'cassandra:connections': ['degraded', undefined],
      uptime: ['up', undefined],
      'cpu:utilization/node-1': ['up', undefined],
      'cpu:utilization/2': ['up', undefined],
    },
  },
  {
    what: 'Spring Boot Actuator',
    body: actuator,
    status: 503,
    shape: 'actuator',
    outcome: 'down',
    components: {
      db: ['up', undefined],
      'db/primary': ['up', undefined],
      'db/replica': ['down', undefined],
      diskSpace: ['up', undefined],
      custom: ['unknown', undefined],
      maintenance: ['down', undefined],
    },
  },
  {
    what: 'MicroProfile Health',
    body: microprofile,
    shape: 'microprofile',
    outcome: 'down',
    components: { 'Database connections': ['up', 12], queue: ['down', undefined] },
  },
  {
    what: 'ASP.NET HealthChecks',
    body: aspnet,
    status: 200,
    shape: 'aspnet',
    outcome: 'degraded',
    components: { sql: ['up', 12.3], disk: ['degraded', 1_100] },
  },
  {
    what: 'ASP.NET as .NET writes names',
    body: {
      Status: 'Unhealthy',
      Results: [
        { Component: 'SQL Server', Status: 'Unhealthy', Duration: '00:00:05', Description: 'login failed' },
      ],
    },
    status: 503,
    shape: 'aspnet',
    outcome: 'down',
    components: { 'SQL Server': ['down', 5_000] },
  },
  {
    what: 'Terminus of NestJS',
    body: {
      status: 'error',
      info: { db: { status: 'up' } },
      error: { redis: { status: 'down', message: 'refused' } },
      details: { db: { status: 'up' }, redis: { status: 'down', message: 'refused' } },
    },
    status: 503,
    shape: 'actuator',
    outcome: 'down',
    components: { db: ['up', undefined], redis: ['down', undefined] },
  },
  {
    what: 'a list of circuit breakers',
    body: { status: 'ok', circuitBreakers: [{ name: 'openai', state: 'half-open' }] },
    shape: 'checks',
    outcome: 'degraded',
    components: { 'circuitBreakers/openai': ['degraded', undefined] },
  },
  { what: 'a status alone', body: { status: 'ok' }, shape: 'status', outcome: 'up' },
  { what: 'a flag alone', body: { healthy: false }, shape: 'status', outcome: 'down' },
  { what: 'one word', body: 'Degraded', shape: 'word', outcome: 'degraded' },
  {
    what: 'parts beside other members',
    body: { redis: { ok: false }, version: 'ok', uptime: 5 },
    shape: 'status',
    outcome: 'down',
    components: { redis: ['down', undefined] },
  },
];

describe('a health report', () => {
  it.each(cases)(
    'reads $what as $outcome',
    ({ body, status = 200, optional, shape, outcome, components, note }) => {
      const report = readHealth(body, status, optional);
      expect(report).toMatchObject({ shape, outcome });
      expect(report.note).toBe(note);
      if (!components) return;
      const read = report.components.map(({ name, outcome: seen, latency }) => [name, [seen, latency]]);
      expect(Object.fromEntries(read)).toEqual(components);
    },
  );

  it.each([
    { body: undefined, status: 200, outcome: 'up', note: /no known health format/ },
    { body: '<html>welcome</html>', status: 200, outcome: 'up', note: /not known/ },
    { body: '<html>sorry</html>', status: 503, outcome: 'down', note: /not known/ },
    { body: [1, 2], status: 200, outcome: 'up', note: /no known health format/ },
    { body: { timestamp: 1, status: 404 }, status: 404, outcome: 'down', note: /no known health format/ },
    { body: { status: 'meh' }, status: 200, outcome: 'up', note: /not known/ },
    {
      body: { status: 'meh', checks: { database: 'fail' } },
      status: 200,
      outcome: 'down',
      note: /its components decide/,
    },
  ])(
    'of $body with $status is $outcome, and says what it did not understand',
    ({ body, status, outcome, note }) => {
      const report = readHealth(body, status);
      expect(report.outcome).toBe(outcome);
      expect(report.note).toMatch(note);
    },
  );

  it('puts what is not well first, with the words of the target', () => {
    expect(readHealth(actuator, 503).components.slice(0, 2)).toEqual([
      { name: 'db/replica', outcome: 'down', message: 'java.net.ConnectException: refused' },
      { name: 'maintenance', outcome: 'down' },
    ]);
  });

  it('never takes a time of day for a latency', () => {
    const database = readHealth(aigestion(true), 200).components.find(({ name }) => name === 'database');
    expect(database).toEqual({
      name: 'database',
      outcome: 'up',
      problem: expect.stringContaining(`${wallClock} ms`),
    });
  });

  it.each([
    [{ latency: 12 }, 12],
    [{ latencyMs: 12 }, 12],
    [{ latency_ms: 12 }, 12],
    [{ responseTimeSeconds: 0.25 }, 250],
    [{ duration: '12ms' }, 12],
    [{ duration: '1.5 s' }, 1_500],
    [{ duration: '350µs' }, 0.35],
    [{ duration: '00:00:00.0123' }, 12.3],
    [{ duration: '1.00:00:01' }, 86_401_000],
    [{ duration: 'PT1.5S' }, 1_500],
    [{ details: { latency: 7 } }, 7],
    [{ latency: 1e9 }, 1e9],
    [{ latency: 1e9 + 1 }, undefined],
    [{ latency: -1 }, undefined],
    [{ latency: null }, undefined],
    [{ latency: 'fast' }, undefined],
    [{ observedValue: 5, observedUnit: 's' }, undefined],
  ])('reads the latency of %j as %s ms', (members, latency) => {
    const { components } = readHealth({ checks: { database: { status: 'ok', ...members } } }, 200);
    expect(components[0]?.latency).toBe(latency);
  });

  it('is made of any JSON without an error', () => {
    const member = fc.constantFrom(
      'status',
      'checks',
      'components',
      'details',
      'entries',
      'metrics',
      'external',
      'name',
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('UP', 'fail', 'degraded', 'meh', true, false, null, 1e12),
        fc.dictionary(fc.oneof(member, fc.string()), tie('json'), { maxKeys: 4 }),
        fc.array(tie('json'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(json, fc.jsonValue()), fc.integer({ min: 100, max: 599 }), (body, status) => {
        const { outcome, components } = readHealth(body, status);
        expect(['up', 'degraded', 'down']).toContain(outcome);
        expect(new Set(components.map(({ name }) => name)).size).toBe(components.length);
        for (const { name, latency = 0 } of components) {
          expect(name).not.toBe('');
          expect(latency).toBeLessThanOrEqual(1e9);
        }
        if (components.some((component) => component.outcome === 'down')) expect(outcome).toBe('down');
      }),
    );
  });

  it('of what is nested a hundred thousand levels deep is read as far as people look', () => {
    let body: unknown = { status: 'DOWN' };
    for (let level = 0; level < 100_000; level++) body = { status: 'UP', components: { inner: body } };
    expect(readHealth(body, 200).outcome).toBe('up');
  });
});
