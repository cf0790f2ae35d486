import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Component, Observation } from '../../shared/monitors/observation.ts';
import { changeable, fakeSlack, noon, raise, remove, type Stack, synthesized } from './stage.ts';

/** What the target says on `/health`, with which status, and how many items its page has. */
let says: { status: number; overall: string; cache: boolean; items: number };
const well = { status: 200, overall: 'healthy', cache: true, items: 3 };

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;

beforeAll(async () => {
  target = await changeable(({ url }, response) => {
    const { status, overall, cache, items } = says;
    if (url === '/page') return response.writeHead(items < 0 ? 500 : 200).end(JSON.stringify({ items }));
    const checks = {
      database: { healthy: true, latency: 4 },
      cache: { healthy: cache, error: 'no <cache>' },
    };
    response.writeHead(status).end(JSON.stringify({ status: overall, checks }));
  });
  slack = await fakeSlack();
  template = await synthesized('health.config.ts', { TARGET_URL: target.url });
});

afterAll(async () => {
  await Promise.all([target.close(), slack.close(), remove(template)]);
});

const raiseStack = () => {
  slack.received.length = 0;
  says = { ...well };
  return raise(template, { SLACK_WEBHOOK: slack.url });
};

interface MonitorAnswer {
  state: string;
  locations: { components: Component[] }[];
  evidence: Observation[];
}

const monitor = (stack: Stack, id: string) => stack.api<MonitorAnswer>(`monitors/${id}`);

it('a target that says it is degraded, with 503, is no outage: a quieter incident of its own, which ends by itself', async () => {
  const stack = await raiseStack();
  await stack.advance('1m');
  says = { ...well, status: 503, overall: 'degraded' };
  await stack.advance('90s');

  expect(await monitor(stack, 'api')).toMatchObject({ state: 'degraded' });
  expect(await stack.incidents()).toMatchObject([
    {
      title: 'api is degraded',
      severity: 'warning',
      status: 'triggered',
      subject: { type: 'monitor', id: 'api', aspect: 'degraded' },
    },
  ]);
  expect(slack.received).toHaveLength(1);
  expect(JSON.stringify(slack.received[0])).toContain('health is degraded (status 503)');

  says = { ...well };
  await stack.advance('1m');
  expect(await stack.incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'recovered' }]);
  expect(slack.received).toHaveLength(2);
  expect(await monitor(stack, 'api')).toMatchObject({ state: 'up' });
});

it('a component that is false is an outage whatever the top level says, and is named in every message', async () => {
  const stack = await raiseStack();
  await stack.advance('1m');
  says = { ...well, cache: false };
  await stack.advance('40s');

  const [incident, ...others] = await stack.incidents();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({ title: 'api is down', severity: 'critical' });
  expect(JSON.stringify(slack.received)).toContain('cache is down: no &lt;cache&gt;');
  const { locations, evidence } = await monitor(stack, 'api');
  expect(locations[0]!.components).toMatchObject([
    { name: 'cache', outcome: 'down' },
    { name: 'database', outcome: 'up', latency: 4 },
  ]);
  expect(evidence[0]).toMatchObject({
    reason: 'unhealthy',
    components: [{ name: 'cache' }, { name: 'database' }],
  });
  const page = await (await fetch(`${stack.url}/monitors/api`)).text();
  expect(page).toMatch(/<th scope="row">cache<\/th>/);

  says = { ...well };
  await stack.advance('1m');
  expect(await stack.incidents()).toMatchObject([{ status: 'resolved' }]);

  const values = await valuesOf(stack, 'ComponentUp', 'cache');
  expect(new Set(values)).toEqual(new Set([0, 1]));
  expect(await valuesOf(stack, 'ComponentUp', 'database')).toEqual([]);
});

it('a page that is not at its best is degraded by its own conditions, and being down meanwhile says nothing about that', async () => {
  const stack = await raiseStack();
  says = { ...well, items: 0 };
  await stack.advance('2m');

  expect(await stack.incidents()).toMatchObject([{ title: 'page is degraded', status: 'triggered' }]);
  expect(await monitor(stack, 'page')).toMatchObject({
    state: 'degraded',
    evidence: [{ reason: 'condition-failed', message: 'expected json $.items > 0, got 0' }],
  });

  says = { ...well, items: -1 };
  await stack.advance('1m');
  const open = (await stack.incidents()).map(({ title, severity, status }) => [title, severity, status]);
  expect(open.sort()).toEqual([
    ['page is degraded', 'warning', 'triggered'],
    ['page is down', 'critical', 'triggered'],
  ]);

  says = { ...well };
  await stack.advance('1m');
  expect((await stack.incidents()).map(({ status }) => status)).toEqual(['resolved', 'resolved']);
});

/** Values of a component's metric in the first ten minutes. */
async function valuesOf(stack: Stack, metric: string, component: string): Promise<number[]> {
  const client = new CloudWatchClient({
    region: 'us-east-1',
    endpoint: stack.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(noon),
      EndTime: new Date(noon + 600_000),
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: {
            Metric: {
              Namespace: 'Tocsin/acme',
              MetricName: metric,
              Dimensions: [
                { Name: 'Monitor', Value: 'api' },
                { Name: 'Component', Value: component },
              ],
            },
            Period: 60,
            Stat: 'Minimum',
          },
        },
      ],
    }),
  );
  client.destroy();
  return MetricDataResults?.[0]?.Values ?? [];
}
