/** What a target gives for a latency that is none. */
export const wallClock = 1_763_618_400_000;

/* The health endpoints of real systems, as they answer. */

export const blipee = (status: string, cache = 'healthy') => ({
  status,
  timestamp: '2026-11-20T05:00:00Z',
  version: '1.4.2',
  checks: {
    database: { status: 'healthy', latency: 12 },
    cache: { status: cache },
    external_apis: { status: 'healthy' },
  },
});

export const anclora = (queue: string) => ({
  status: queue === 'pass' ? 'healthy' : 'degraded',
  timestamp: '2026-11-20T05:00:00Z',
  uptime: 86_400,
  checks: {
    redis: { status: 'pass', duration: 3 },
    queue: { status: queue, duration: 8 },
    memory: { status: 'pass', details: { heapUsedMB: 210, rssMB: 380 } },
  },
});

export const aigestion = (redis: boolean, latency = 4) => ({
  status: 'healthy',
  metrics: {
    timestamp: '2026-11-20T05:00:00Z',
    uptime: 86_400,
    memory: { used: 210, total: 512 },
    cpu: { usage: 0.3 },
    heap: { used: 120 },
    external: {
      healthy: redis,
      services: {
        database: { healthy: true, latency: wallClock, connections: 7 },
        redis: { healthy: redis, latency },
        ai: { healthy: true, latency: 220, status: 'operational' },
      },
    },
    database: { healthy: true, latency: wallClock },
    redis: { healthy: redis, latency },
    ai: { healthy: true, latency: 220 },
  },
});

export const strato = (breaker: string) => ({
  status: 'healthy',
  timestamp: '2026-11-20T05:00:00Z',
  version: '2.0.0',
  uptime: 3_600,
  checks: { database: { status: 'up', responseTime: '9ms' }, api: true },
  circuitBreakers: { openai: { state: breaker, failures: 3 } },
  memory: { heapUsed: 100, heapTotal: 200 },
  environment: 'production',
});
