import http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DemoSite, startDemoSite } from '../../examples/demo-site/server.ts';
import { readHealth } from '../../shared/monitors/health/report.ts';

let site: DemoSite;

beforeEach(async () => {
  site = await startDemoSite(0);
});

afterEach(() => site.close());

const get = (path: string) => fetch(site.url + path);

const switchTo = (fault: unknown, headers: Record<string, string> = {}) =>
  fetch(`${site.url}/_control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ fault }),
  });

describe('the demo site', () => {
  it('is healthy when it starts', async () => {
    const health = await get('/health');
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: 'healthy',
      checks: {
        database: { status: 'healthy', latency: 4 },
        memory: { status: 'healthy', pressureBytes: 0 },
      },
      version: '1.4.2',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('answers 503 with the part that is broken under errors, and 200 again after none', async () => {
    await switchTo('errors');
    const broken = await get('/health');
    expect(broken.status).toBe(503);
    expect(await broken.json()).toMatchObject({
      status: 'unhealthy',
      checks: { database: { status: 'unhealthy' }, memory: { status: 'healthy' } },
    });
    await switchTo('none');
    expect((await get('/health')).status).toBe(200);
  });

  it('really takes the memory it complains of, and gives it back', async () => {
    await switchTo('memory');
    const { checks } = (await (await get('/health')).json()) as {
      checks: { memory: Record<string, unknown> };
    };
    expect(checks.memory).toMatchObject({ status: 'unhealthy', pressureBytes: 64 * 1024 * 1024 });
    expect(checks.memory.residentBytes).toBeGreaterThan(64 * 1024 * 1024);
    await switchTo('none');
    expect((await get('/health')).status).toBe(200);
  });

  it('keeps its switches fast under latency', async () => {
    await switchTo('latency');
    const answered = await Promise.race([
      get('/health').then(() => 'health'),
      get('/_control').then(() => 'control'),
    ]);
    expect(answered).toBe('control');
  });

  it('shows its page with the switch that is on', async () => {
    await switchTo('errors');
    const page = await get('/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('value="errors" aria-pressed="true"');
  });

  it('takes its own page’s form and shows the page again', async () => {
    const answer = await fetch(`${site.url}/_control`, {
      method: 'POST',
      headers: { origin: site.url },
      body: new URLSearchParams({ fault: 'errors' }),
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect(await (await get('/_control')).json()).toEqual({ fault: 'errors', url: site.url });
  });

  it('is not switched by a page of another origin', async () => {
    const answer = await switchTo('errors', { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(await (await get('/_control')).json()).toEqual({ fault: 'none', url: site.url });
  });

  it('is not switched by a page whose name was rebound to this machine', async () => {
    const { port } = new URL(site.url);
    const host = `evil.example:${port}`;
    const options = { method: 'POST', port, path: '/_control', headers: { host, origin: `http://${host}` } };
    const status = await new Promise((resolve, reject) => {
      http
        .request(options, (response) => resolve(response.resume().statusCode))
        .once('error', reject)
        .end('{"fault":"errors"}');
    });
    expect(status).toBe(403);
    expect(await (await get('/_control')).json()).toEqual({ fault: 'none', url: site.url });
  });

  it('names the port it cannot have', async () => {
    const { port } = new URL(site.url);
    await expect(startDemoSite(Number(port))).rejects.toThrow(
      `port ${port} is taken: the demo site needs it`,
    );
  });

  it.each([['fire'], [undefined], [['errors']], ['e'.repeat(2_000)]])(
    'refuses the fault %j',
    async (fault) => {
      const answer = await switchTo(fault);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({ error: 'fault must be one of none, errors, latency, memory' });
    },
  );

  it('says what there is where there is nothing', async () => {
    const answer = await get('/nothing');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ error: 'nothing at /nothing; try /, /health or /_control' });
  });

  it.each([
    ['none', 'up', []],
    ['errors', 'down', ['database']],
    ['memory', 'down', ['memory']],
  ])('is read by a health monitor under %s as %s', async (fault, outcome, unwell) => {
    await switchTo(fault);
    const health = await get('/health');
    const report = readHealth(await health.json(), health.status);
    expect(report).toMatchObject({ outcome, shape: 'checks' });
    expect(report.components.filter((each) => each.outcome === 'down').map(({ name }) => name)).toEqual(
      unwell,
    );
  });
});
