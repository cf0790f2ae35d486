import http from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type DemoSite, startDemoSite } from '../../examples/demo-site/server.ts';
import {
  broken,
  changeable,
  fakeSlack,
  launch,
  remove,
  type Stack,
  synthesized,
} from '../end-to-end/stage.ts';
import { openBrowser } from './browser.ts';
import { assertDemoPortFree, demoPort } from './quickstart.ts';
import { connectFrom, fetchFrom, type Stranger, stranger } from './stranger.ts';

let target: Awaited<ReturnType<typeof changeable>>;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let template: string;
let demo: DemoSite;
let elsewhere: Stranger;
let browser: Browser;
let stack: Stack;
let incident: string;

/** One stack for all tests, because nothing they try may change it: its website is down, and one incident is open. */
beforeAll(async () => {
  await assertDemoPortFree();
  browser = await openBrowser();
  demo = await startDemoSite(demoPort);
  elsewhere = await stranger();
  target = await changeable(broken);
  slack = await fakeSlack();
  template = await synthesized('website.config.ts', { TARGET_URL: `${target.url}/health` });
  stack = await launch(template, { SLACK_WEBHOOK: slack.url });
  await stack.advance('1m');
  const [open] = await stack.incidents();
  incident = open!.id;
});

afterAll(async () => {
  await Promise.all([browser?.close(), stack?.stop()]);
  await Promise.all([
    target?.close(),
    slack?.close(),
    demo?.close(),
    elsewhere?.close(),
    template && remove(template),
  ]);
});

async function openPage(url: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(url);
  return page;
}

/** What must not be changed from elsewhere: each address, and what would change something there. */
const changes = (): [url: string, fields: Record<string, string>][] => [
  [`${stack.url}/api/incidents/${incident}/acknowledge`, {}],
  [`${stack.url}/api/incidents/${incident}/comments`, { text: 'a stranger was here' }],
  [`${stack.url}/incidents/${incident}/acknowledge`, {}],
  [`${stack.url}/incidents/${incident}/comments`, { text: 'a stranger was here' }],
  [`${stack.url}/local/clock`, { advance: '5m' }],
  [`${stack.url}/local/demo`, { fault: 'errors' }],
  [`${demo.url}/_control`, { fault: 'errors' }],
  [`${stack.endpoint}/outbox/ops`, { text: 'a stranger was here' }],
  [
    stack.endpoint,
    {
      Action: 'Publish',
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:Tocsin-shop-alarms',
      Message: 'a stranger was here',
    },
  ],
];

const readable = () => [
  `${stack.url}/`,
  `${stack.url}/api/incidents`,
  `${stack.url}/assets/icon.svg`,
  `${stack.url}/local/outbox`,
  `${stack.url}/local/logs`,
  `${stack.endpoint}/`,
];

/** Everything a stranger would like to have changed. */
const state = async () => ({
  now: stack.clock.now(),
  incidents: await stack.incidents(),
  incident: await stack.api(`incidents/${incident}`),
  outbox: stack.outbox(),
  slack: slack.received.length,
  demo: await (await fetch(`${demo.url}/_control`)).json(),
});

async function unchanged(before: Awaited<ReturnType<typeof state>>) {
  expect(await state()).toEqual(before);
  await stack.advance('10s');
  expect(await stack.incidents()).toMatchObject([{ id: incident, status: 'triggered' }]);
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const signed = 'AWS4-HMAC-SHA256 Credential=me/20261120/us-east-1/sns/aws4_request';

/** A host of the stranger's; of the last, cookies and `Sec-Fetch-Site` are those of the same site. */
const hosts = ['evil.localhost', '127.0.0.1', 'localhost'];

describe.each(hosts)('a page of another port at %s', (host) => {
  const origin = () => `http://${host}:${elsewhere.port}`;

  it('changes nothing by fetching', async () => {
    const page = await openPage(origin());
    const before = await state();

    const learnt: string[] = [];
    for (const [url, fields] of changes()) {
      const json = JSON.stringify(fields);
      const ways: RequestInit[] = [
        { body: json },
        { body: json, mode: 'no-cors' },
        { body: new URLSearchParams(fields).toString(), mode: 'no-cors', headers: form },
        { body: json, headers: { 'content-type': 'application/json' } },
        { body: new URLSearchParams(fields).toString(), headers: { ...form, authorization: signed } },
        { body: json, mode: 'no-cors', credentials: 'include', keepalive: true },
      ];
      for (const way of ways) learnt.push(await fetchFrom(page, url, { method: 'POST', ...way }));
    }

    expect(new Set(learnt)).toEqual(new Set(['failed', 'opaque 0 with 0 characters']));
    await unchanged(before);
  });

  it('changes nothing by sending forms', async () => {
    const before = await state();
    const page = await openPage(origin());

    for (const [url, fields] of changes()) {
      const enctype = url.includes('/api/') ? 'text/plain' : form['content-type'];
      await page.goto(`${origin()}/form?${new URLSearchParams({ action: url, enctype, ...fields })}`);
      const answered = page.waitForResponse((response) => response.request().method() === 'POST');
      await page.getByRole('button').click();
      expect((await answered).status(), `a form of ${url}`).toBe(403);
    }

    await unchanged(before);
  });

  it('reads nothing, neither by fetching nor by embedding', async () => {
    const page = await openPage(origin());
    const learnt: string[] = [];
    for (const url of readable())
      for (const mode of ['cors', 'no-cors'] as const) learnt.push(await fetchFrom(page, url, { mode }));
    expect(new Set(learnt)).toEqual(new Set(['failed', 'opaque 0 with 0 characters']));

    const sources = readable().map((url) => `src=${encodeURIComponent(url)}`);
    const embedding = await openPage(`${origin()}/embeds?${sources.join('&')}`);
    const widths = await embedding.evaluate<number[]>('Array.from(document.images, (i) => i.naturalWidth)');
    expect(widths).toEqual(readable().map(() => 0));
    const shown = await embedding.evaluate<unknown[]>(
      'Array.from(document.querySelectorAll("iframe"), (frame) => frame.contentDocument)',
    );
    expect(shown).toEqual(readable().map(() => null));
  });

  it('opens no WebSocket', async () => {
    const page = await openPage(origin());

    for (const url of [stack.url, stack.endpoint]) expect(await connectFrom(page, url)).toBe('failed');
  });
});

/** Requests that the ports answer with 200 when they come from this machine. */
const welcome = {
  url: { method: 'GET', path: '/api/incidents', headers: {}, body: '' },
  endpoint: {
    method: 'POST',
    path: '/',
    headers: { ...form, authorization: signed },
    body: 'Action=ListTopics',
  },
};

/** How a port answers its welcome request with these headers too, which browsers would not let a page choose. */
function statusOf(port: 'url' | 'endpoint', more: http.OutgoingHttpHeaders): Promise<number | undefined> {
  const { body, headers, ...rest } = welcome[port];
  const options = { ...rest, headers: { ...headers, ...more } };
  return new Promise((resolve, reject) => {
    const request = http.request(stack[port], options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('error', reject).end(body);
  });
}

describe.each(['url', 'endpoint'] as const)('the port of the %s', (name) => {
  it('answers programs of this machine', async () => {
    const { port } = new URL(stack[name]);
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect(await statusOf(name, { host: `${host}:${port}` })).toBe(200);
  });

  it.each([
    ['another name', 'evil.example:PORT'],
    ['another name that browsers take to this machine', 'evil.localhost:PORT'],
    ['an address of another network', '169.254.169.254:PORT'],
    ['a name that only begins like ours', 'localhost.evil.example:PORT'],
    ['another port', 'localhost:9'],
    ['no port', 'localhost'],
  ])('refuses requests for %s as misdirected', async (_, host) => {
    const { port } = new URL(stack[name]);
    expect(await statusOf(name, { host: host.replace('PORT', port) })).toBe(421);
  });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an origin on another port', { origin: 'http://localhost:9' }],
    ['an origin that hides', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('forbids requests of %s', async (_, headers) => {
    expect(await statusOf(name, headers)).toBe(403);
  });
});

it('no page at all may use the AWS endpoint', async () => {
  expect(await statusOf('endpoint', { origin: stack.endpoint })).toBe(403);
  expect(await statusOf('endpoint', { origin: stack.url })).toBe(403);
});

it('the console’s own page may do what strangers may not', async () => {
  const page = await openPage(stack.url);

  expect(await fetchFrom(page, `${stack.url}/api/incidents`)).toMatch(/^basic 200/);
  const acknowledge = `${stack.url}/api/incidents/${incident}/acknowledge`;
  expect(await fetchFrom(page, acknowledge, { method: 'POST' })).toMatch(/^basic 200/);
  expect(await stack.incidents()).toMatchObject([{ status: 'acknowledged' }]);
});
