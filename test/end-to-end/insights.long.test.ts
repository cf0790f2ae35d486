import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendMessage } from '../../shared/aws/sqs.ts';
import type { IncidentEvent, TimelineEntry } from '../../shared/incidents/incident.ts';
import { broken, changeable, fakeSlack, healthy, raise, remove, synthesized } from './stage.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let template: string;

beforeAll(async () => {
  target = await changeable(healthy);
  template = await synthesized('insights.config.ts', { TARGET_URL: `${target.url}/health` });
}, 120_000);

afterAll(async () => {
  await Promise.all([target?.close(), template && remove(template)]);
});

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/deployment-events/${name}.json`, import.meta.url), 'utf8'));

it('an incident shows what was deployed before, runs what its route and escalation name, and is counted', async () => {
  const slack = await fakeSlack();
  const stack = await raise(template, { SLACK_WEBHOOK: slack.url, FLUSH_KEY: 'decoy-key' });
  await stack.advance('1m');
  const ago = (seconds: number) => new Date(stack.clock.now() - seconds * 1_000).toISOString();

  // What the rule puts into the queue, and what a pipeline says; another service's deployment is none of its business.
  const aws = {
    region: 'us-east-1',
    accessKeyId: 'events',
    secretAccessKey: 'x',
    endpoint: stack.endpoint,
  };
  const stackEvent = { ...fixture('cloudformation'), time: ago(300).replace(/\.\d+Z/, 'Z') };
  await sendMessage(aws, `${stack.endpoint}/000000000000/Tocsin-shop-alarms`, JSON.stringify(stackEvent));
  await stack.api('deployments', { service: 'web', version: '1.2.3', by: 'ana', at: ago(30) });
  await stack.api('deployments', { service: 'billing', version: '7', at: ago(20) });

  target.behave(broken);
  await stack.advance('1m');
  const [incident] = await stack.incidents();
  expect(incident?.changes?.map(({ title }) => title)).toEqual(['web 1.2.3', 'stack shop-prod updated']);
  expect(JSON.stringify(slack.received[0])).toMatch(/before: web 1\.2\.3 by ana, and 1 more/);

  const ran = () => stack.outbox().filter(({ channel }) => channel === 'restart' || channel === 'flush');
  expect(ran().map(({ channel }) => channel)).toEqual(['restart']);
  expect((ran()[0]!.request as IncidentEvent).incident.id).toBe(incident!.id);
  await stack.advance('3m');
  expect(ran().map(({ channel }) => channel)).toEqual(['restart', 'flush']);
  const { timeline } = await stack.api<{ timeline: TimelineEntry[] }>(`incidents/${incident!.id}`);
  const notes = timeline.filter(({ type }) => type === 'note').map(({ actor, text }) => `${actor}: ${text}`);
  expect(notes).toEqual([
    expect.stringMatching(
      /^tocsin: deployed .* before: web 1\.2\.3 by ana; .* before: stack shop-prod updated$/,
    ),
    expect.stringMatching(/^restart: .*restart-web answered 200 after .*captured/),
    expect.stringMatching(/^flush: the URL of flush-url answered 200/),
  ]);

  await stack.api(`incidents/${incident!.id}/acknowledge`, { actor: 'Ana' });
  target.behave(healthy);
  await stack.advance('2m');
  expect(await stack.api('responses')).toMatchObject({
    incidents: 1,
    acknowledged: 1,
    failures: 1,
    inTime: 1,
  });
  const document = await fetch(`${stack.url}/api/incidents/${incident!.id}/post-mortem?zone=Europe/Madrid`);
  expect(await document.text()).toContain('| web 1.2.3 by ana |');
}, 120_000);
