import { afterAll, beforeAll, expect, it } from 'vitest';
import { tocsin } from '../support/tocsin.ts';
import { fakeSlack, raise, remove, synthesized } from './stage.ts';

let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;

beforeAll(async () => {
  slack = await fakeSlack();
  template = await synthesized('heartbeats.config.ts', {});
});

afterAll(async () => {
  await Promise.all([slack.close(), remove(template)]);
});

interface MonitorAnswer {
  state: string;
  message?: string;
  uptime: Record<'24h', { uptime: string }>;
  heartbeat: { state: string; expectedAt?: string; url: string; pings: { signal: string; body?: string }[] };
  evidence: { reason: string; excerpt?: string }[];
}

async function raiseStack() {
  slack.received.length = 0;
  const stack = await raise(template, { SLACK_WEBHOOK: slack.url });
  const monitor = (id = 'backup') => stack.api<MonitorAnswer>(`monitors/${id}`);
  const { url } = (await monitor()).heartbeat;
  const ping = (suffix = '', init: RequestInit = {}) => fetch(url + suffix, init);
  return { ...stack, monitor, ping, url };
}

it('a job that pings on time is up, and nobody is told; one that never pinged is waited for', async () => {
  const stack = await raiseStack();
  await stack.advance('1m');
  expect(await stack.monitor()).toMatchObject({ state: 'unknown', heartbeat: { state: 'new' } });

  expect(await (await stack.ping()).text()).toBe('OK\n');
  await stack.advance('32m');
  expect(await stack.monitor()).toMatchObject({
    state: 'up',
    heartbeat: { state: 'late', expectedAt: '2026-11-20T12:30:00.000Z' },
  });
  await stack.ping('?rid=42', { method: 'HEAD' });
  await stack.advance('10m');

  const { state, uptime, heartbeat } = await stack.monitor();
  expect({ state, uptime: uptime['24h'].uptime, next: heartbeat.expectedAt }).toEqual({
    state: 'up',
    uptime: '100.000',
    next: '2026-11-21T12:30:00.000Z',
  });
  expect(await stack.monitor('import')).toMatchObject({ state: 'unknown' });
  expect(await stack.incidents()).toEqual([]);
});

it('a job that misses its time is one incident that says when it was expected; a late success ends it', async () => {
  const stack = await raiseStack();
  await stack.ping('', { method: 'POST', body: '12 tables, 3 MB\u0007' });
  await stack.advance('37m');

  expect(await stack.incidents()).toMatchObject([{ title: 'backup is down', status: 'triggered' }]);
  const { message, evidence } = await stack.monitor();
  expect(message).toBe('expected by 2026-11-20 12:35 UTC, last success 2026-11-20 12:00 UTC');
  expect(evidence).toMatchObject([{ reason: 'heartbeat-missed', excerpt: '12 tables, 3 MB' }]);
  expect(slack.received).toHaveLength(1);
  expect(JSON.stringify(slack.received[0])).toContain('expected by 2026-11-20 12:35 UTC');

  await stack.advance('5m');
  expect(slack.received).toHaveLength(1);
  await stack.ping('/0');
  await stack.advance('2m');
  expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'recovered' }]);
  expect(slack.received).toHaveLength(2);
});

it('a job that fails is an incident two minutes later, with what it printed', async () => {
  const stack = await raiseStack();
  await stack.ping();
  await stack.advance('1m');
  await stack.ping('/fail', { method: 'POST', body: 'pg_dump: connection refused' });
  await stack.advance('2m');

  expect(await stack.incidents()).toMatchObject([{ title: 'backup is down', severity: 'critical' }]);
  const text = JSON.stringify(slack.received);
  expect(text).toContain('reported a failure at 2026-11-20 12:01 UTC');
  expect(text).toContain('pg_dump: connection refused');
  const { heartbeat } = await stack.monitor();
  expect(heartbeat.pings).toMatchObject([
    { signal: 'fail', body: 'pg_dump: connection refused' },
    { signal: 'success' },
  ]);
});

it('a run that does not end in its time is down, whatever it was expected to', async () => {
  const stack = await raiseStack();
  await stack.ping();
  await stack.advance('1m');
  await stack.ping('/start?rid=nightly-1');
  await stack.advance('2m');
  expect(await stack.monitor()).toMatchObject({ state: 'up', heartbeat: { state: 'started' } });
  await stack.advance('3m');
  expect(await stack.monitor()).toMatchObject({
    state: 'down',
    message: 'started at 2026-11-20 12:01 UTC and did not end within 3 min',
  });
  await stack.ping('/137?rid=nightly-1');
  await stack.advance('1m');
  expect(await stack.monitor()).toMatchObject({
    state: 'down',
    message: 'exited with 137 at 2026-11-20 12:06 UTC',
  });
});

it('whoever guesses is told nothing, and moves nothing', async () => {
  const stack = await raiseStack();
  const base = stack.url.slice(0, stack.url.lastIndexOf('/'));
  for (const path of [`${base}/wrong`, `${base}/backup`, `${stack.url}/unknown`, `${stack.url}/256`]) {
    const answer = await fetch(path);
    expect([path, answer.status, await answer.text()]).toEqual([path, 404, 'not found\n']);
  }
  expect((await stack.ping('', { method: 'DELETE' })).status).toBe(405);
  expect((await stack.ping('?rid=%3Cscript%3E')).status).toBe(400);
  expect((await stack.monitor()).heartbeat).toMatchObject({ state: 'new', pings: [] });
});

it('the command line shows where jobs ping, and how they are', async () => {
  const stack = await raiseStack();
  await stack.ping();
  await stack.advance('1m');

  const config = 'test/fixtures/end-to-end/heartbeats.config.ts';
  const { code, out } = await tocsin(['heartbeats', '--url', new URL(stack.url).origin, '--config', config]);
  expect(code).toBe(0);
  expect(out).toContain('backup: up, last success ');
  expect(out).toContain(`curl -fsS -m 10 --retry 5 -o /dev/null ${stack.url}\n`);
  expect(out).toContain('import: new\n');
});
