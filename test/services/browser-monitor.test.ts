import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleScripts } from '../../infra/browser-assets.ts';
import { measureVisit } from '../../shared/monitors/browser/visit.ts';
import { browser } from '../../shared/monitors/browser.ts';
import { check } from '../../shared/monitors/check.ts';
import type { MonitorKind } from '../../shared/monitors/kind.ts';
import { script } from '../../shared/monitors/script.ts';
import type { Step } from '../../shared/monitors/transcript.ts';
import { createAuthority, issueCertificate } from '../support/certificates.ts';
import { probeContext } from '../support/http-monitor.ts';
import { kindMonitor } from '../support/kind-monitor.ts';
import { serveNames } from '../support/name-server.ts';
import { closedPort, serveBytes, serveHttp, serveHttps, serveTcp } from '../support/servers.ts';
import { program } from './program.ts';

const chromium = program('chromium', 'chromium-browser', 'google-chrome');
const secrets = { password: 'hunter2-horse' };

type Options = NonNullable<Parameters<typeof kindMonitor>[2]> & {
  reach?: 'local' | 'public';
  assets?: string;
  dns?: string;
};

/** One check, in real time, which Playwright goes by; `told` is every text that anybody could read of it. */
async function look<Settings>(kind: MonitorKind<Settings>, settings: object, options: Options = {}) {
  const { reach = 'local', assets, dns, ...others } = options;
  const steps: Step[] = [];
  const monitor = kindMonitor(kind, settings, { timeout: 10_000, ...others });
  const { screenshot, ...observation } = await check(monitor, {
    ...probeContext({
      secrets,
      reach,
      ...(dns && { dns }),
      browser: { chromium, ...(assets && { assets }) },
    }),
    transcribe: (_, taken) => void steps.push(...taken),
  });
  expect(browsersLeft(), 'a browser is left').toBe(0);
  return { ...observation, screenshot, told: JSON.stringify([observation, steps]) };
}

/** Chromiums that this process started. */
function browsersLeft(): number {
  const children = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return children.split('\n').filter((line) => line.includes('--proxy-server')).length;
}

/** Serves pages by their paths. */
const site = (pages: Record<string, string>) =>
  serveHttp((request, response) => {
    const page = pages[new URL(request.url ?? '/', 'http://site').pathname];
    response.setHeader('content-type', 'text/html');
    response.statusCode = page === undefined ? 404 : 200;
    response.end(`<!doctype html><title>Shop</title>${page ?? ''}`);
  });

const shop = {
  '/': `<h1>Welcome to the shop</h1>
    <form onsubmit="event.preventDefault(); document.title = 'Orders'; history.pushState({}, '', '/orders');
      greeting.textContent = 'Your orders, ' + user.value + ', ' + size.value + (password.value ? '!' : '?')">
      <input id="user"><input id="password"><select id="size"><option>S<option value="l">Large</select><button>Sign in</button>
    </form><p id="greeting"></p><p id="gone" hidden>hidden</p>`,
  '/noisy': '<h1>Noise</h1><script>console.error("out of stock"); undefinedThing()</script>',
  '/secret':
    '<h1 id="h">Hello</h1><input id="password"><button onclick="h.textContent = password.value">Show</button>',
};

/** Width and height that a JPEG says it has. */
function sizeOf(jpeg: Buffer): [width: number, height: number] {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg.readUInt16BE(at);
    if (marker === 0xffc0 || marker === 0xffc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  throw new Error('no JPEG');
}

describe('a browser monitor', () => {
  it('is up when the page loads, and tells what people would feel', async () => {
    const { port } = await site(shop);

    const found = await look(
      browser,
      { url: `http://127.0.0.1:${port}/` },
      {
        expect: [
          'status == 200',
          'lcp < 9s',
          'fcp < 9s',
          'ttfb < 9s',
          'cls < 0.5',
          'console.errors == 0',
          'title == "Shop"',
          'url contains "127.0.0.1"',
          'responseTime < 9s',
        ],
      },
    );

    expect(found, found.told).toMatchObject({ outcome: 'up', status: 200, address: '127.0.0.1' });
    const { lcp, fcp, ttfb, cls } = found.vitals!;
    expect(Math.min(lcp!, fcp!, ttfb!)).toBeGreaterThan(0);
    expect(lcp).toBeGreaterThanOrEqual(fcp!);
    expect(fcp).toBeGreaterThanOrEqual(ttfb!);
    expect(cls).toBe(0);
    expect(found.screenshot).toBeUndefined();
  });

  it('does what people do, and names what it did', async () => {
    const { port } = await site(shop);
    const steps = [
      browserStep({ fill: '#user', with: 'ann' }),
      browserStep({ fill: '#password', with: { secret: 'password' } }),
      browserStep({ select: '#size', option: 'Large' }),
      browserStep({ click: 'text=Sign in' }),
      browserStep({ expect: { text: 'Your orders, ann, l!', in: '#greeting' } }),
      browserStep({ expect: { text: /orders, \w+/ } }),
      browserStep({ expect: { url: '/orders' } }),
      browserStep({ expect: { title: /^Orders$/ } }),
      browserStep({ expect: { visible: '#greeting' } }),
      browserStep({ expect: { hidden: '#gone' } }),
      browserStep({ press: 'Tab' }),
      browserStep({ goto: `http://127.0.0.1:${port}/noisy` }),
      browserStep({ expect: { text: 'Noise' } }),
    ];

    const found = await look(browser, { url: `http://127.0.0.1:${port}/`, steps });

    expect(found, found.told).toMatchObject({ outcome: 'up' });
    expect(found.steps?.map(({ name }) => name)).toContain('select Large in #size');
    expect(found.steps).toHaveLength(14);
    expect(found.told).not.toContain(secrets.password);
  });

  it.each<[string, object, string]>([
    [
      'text that is not there',
      { expect: { text: 'Sold out' } },
      'expected text "Sold out", it was not on the page after 500 ms',
    ],
    ['another address', { expect: { url: '/orders' } }, 'expected url "/orders", got http://127.0.0.1'],
    ['another title', { expect: { title: 'Orders' } }, 'expected title "Orders", got "Shop" after 500 ms'],
    [
      'what is hidden',
      { expect: { visible: '#gone' } },
      'expected visible #gone, nothing of that kind was to be seen',
    ],
    ['what is seen', { expect: { hidden: 'h1' } }, 'expected hidden h1, it was still to be seen'],
    ['nothing to click', { click: 'text=Buy' }, 'nothing that could be clicked was text=Buy within 500 ms'],
    ['nothing to fill', { fill: '#email', with: 'x' }, 'nothing that could be filled was #email'],
    ['no such option', { select: '#size', option: 'XXL' }, 'XXL could not be chosen in #size'],
    ['a broken selector', { click: 'css=[' }, 'click css=['],
    ['another page that fails', { goto: 'PAGE/nowhere' }, 'answered with 404'],
  ])('is down by %s, with a picture of the page', async (_, step, message) => {
    const { port } = await site(shop);
    const url = `http://127.0.0.1:${port}/`;
    const written = 'goto' in step ? { goto: `${url}nowhere` } : step;
    const steps = [written, { press: 'Tab' }];

    const found = await look(browser, { url, patience: '500ms', steps }, { expect: [] });

    expect(found, found.told).toMatchObject({ outcome: 'down', reason: 'condition-failed' });
    expect(found.message).toContain(message);
    expect(found.steps?.map(({ outcome }) => outcome)).toEqual(['up', 'down', 'unknown']);
    expect(sizeOf(Buffer.from(found.screenshot!, 'base64'))).toEqual([1_280, 720]);
    expect(found.attempts).toHaveLength(2);
  });

  it('answers who it is when it is asked, and only the origin of its first page', async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = await serveHttp(({ headers }, response) => {
      asked.push(headers.authorization);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="elsewhere"' }).end();
    });
    const { port } = await serveHttp(({ headers }, response) => {
      const isAnn = headers.authorization === `Basic ${btoa(`ann:${secrets.password}`)}`;
      response.writeHead(isAnn ? 200 : 401, {
        'content-type': 'text/html',
        'www-authenticate': 'Basic realm="shop"',
      });
      response.end(`<h1>${headers.authorization}</h1><img src="http://localhost:${elsewhere.port}/">`);
    });
    const auth = { basic: { username: 'ann', password: { secret: 'password' } } };

    const found = await look(browser, { url: `http://127.0.0.1:${port}/`, auth });

    expect(found, found.told).toMatchObject({ outcome: 'up', status: 200 });
    expect(new Set(asked)).toEqual(new Set([undefined]));
    expect(found.told).not.toContain(secrets.password);
  });

  it('accepts any certificate where it is not to be judged, and still measures its days', async () => {
    const { port } = await serveHttps(
      await issueCertificate(['localhost'], {
        authority: await createAuthority('Ours'),
        notAfter: new Date(Date.now() + 40 * 86_400_000),
      }),
      (_, response) => void response.end('<h1>ours</h1>'),
    );
    const url = `https://localhost:${port}/`;

    const judged = await look(browser, { url });
    const accepted = await look(browser, { url, tls: { verify: false } });

    expect(judged, judged.told).toMatchObject({ outcome: 'down', reason: 'tls-certificate-untrusted' });
    expect(accepted, accepted.told).toMatchObject({ outcome: 'up', status: 200 });
    expect(accepted.certificateDaysLeft).toBeCloseTo(40, 0);
  });

  it('tells of the host that a redirect leads to, where that one fails', async () => {
    const closed = await closedPort();
    const { port } = await serveHttp((_, response) => {
      response.writeHead(302, { location: `http://localhost:${closed}/` }).end();
    });

    expect(await look(browser, { url: `http://127.0.0.1:${port}/` })).toMatchObject({
      outcome: 'down',
      reason: 'connection-refused',
      message: expect.stringContaining(`:${closed}`),
    });
  });

  it('is down by what is no page, but a download', async () => {
    const { port } = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-disposition': 'attachment; filename=a.zip' }).end('PK');
    });
    const url = `http://127.0.0.1:${port}/`;

    expect(await look(browser, { url })).toMatchObject({
      outcome: 'down',
      reason: 'protocol-error',
      message: `${url} is no page, but a download`,
    });
  });

  it('ends in peace while it is opening one more page', async () => {
    const monitor = kindMonitor(browser, { url: 'http://127.0.0.1/' }, { timeout: 10_000 });
    const context = probeContext({ reach: 'local', browser: { chromium } });
    const opening: Promise<unknown>[] = [];

    const { attempt } = await measureVisit(
      monitor,
      context,
      undefined,
      async () => ({}),
      async ({ open }) => {
        await open();
        for (let n = 0; n < 4; n++) opening.push(open());
        return [];
      },
    );

    // What the driver throws at nobody would fail this test.
    await Promise.allSettled(opening);
    expect(attempt.outcome).toBe('up');
    expect(browsersLeft()).toBe(0);
  });

  it('counts what the page complains of', async () => {
    const { port } = await site(shop);

    const found = await look(
      browser,
      { url: `http://127.0.0.1:${port}/noisy` },
      { expect: ['console.errors == 0'] },
    );

    expect(found).toMatchObject({ outcome: 'down', message: 'expected console.errors == 0, got 2' });
    expect(found.complaints).toEqual({
      count: 2,
      first: ['out of stock', expect.stringContaining('undefinedThing')],
    });
  });

  it('paints over fields that have a secret, and takes no picture of a page that shows it', async () => {
    const { port } = await site(shop);
    const fill = { fill: '#password', with: { secret: 'password' } };
    const fail = { expect: { text: 'Nobody' } };
    const url = `http://127.0.0.1:${port}/secret`;

    const filled = await look(browser, { url, patience: '300ms', steps: [fill, fail] });
    const shown = await look(browser, {
      url,
      patience: '300ms',
      steps: [fill, { click: 'text=Show' }, fail],
    });

    expect(filled.screenshot).toBeDefined();
    expect(shown).toMatchObject({ outcome: 'down', excerpt: expect.stringContaining('***') });
    expect(shown.screenshot).toBeUndefined();
    expect(filled.told + shown.told).not.toContain(secrets.password);
  });

  it('ends a page that never loads with the time of the check', async () => {
    const silent = await serveTcp(() => {});
    const stuck = await site({ '/': '<h1>Half</h1><img src="/never">' });
    const begun = performance.now();

    const unanswered = await look(browser, { url: `http://127.0.0.1:${silent.port}/` }, { timeout: 2_000 });
    const endless = await serveHttp((request, response) => {
      response.setHeader('content-type', 'text/html');
      if (request.url === '/') response.end(`<h1>Half</h1><img src="/never">`);
    });
    const unfinished = await look(browser, { url: `http://127.0.0.1:${endless.port}/` }, { timeout: 2_000 });

    expect(unanswered, unanswered.told).toMatchObject({ outcome: 'down', reason: 'response-timeout' });
    expect(unfinished, unfinished.told).toMatchObject({ outcome: 'down', reason: 'body-timeout' });
    expect(performance.now() - begun).toBeLessThan(25_000);
    await Promise.all([silent, stuck, endless].map((server) => server.allClosed()));
  });

  it('ends a page that is busy for ever', async () => {
    const { port } = await site({ '/': '<h1>Busy</h1><script>onload = () => { for (;;); }</script>' });

    const found = await look(
      browser,
      { url: `http://127.0.0.1:${port}/`, steps: [{ click: 'h1' }] },
      { timeout: 2_500 },
    );

    expect(found, found.told).toMatchObject({ outcome: 'down' });
  });

  it('gives the reasons of all kinds', async () => {
    const port = await closedPort();
    const reset = await serveTcp((socket) => socket.once('data', () => socket.destroy()));
    const nonsense = await serveBytes('nonsense\r\n\r\n');
    const { key, cert } = await issueCertificate(['127.0.0.1'], {
      authority: await createAuthority('Nobody'),
    });
    const untrusted = await serveHttps({ key, cert }, (_, response) => response.end('x'));
    const { nameserver } = await serveNames(() => ({ rcode: 3 }));
    const reasonOf = async (url: string) => (await look(browser, { url }, { dns: nameserver })).reason;

    expect(await reasonOf(`http://127.0.0.1:${port}/`)).toBe('connection-refused');
    expect(await reasonOf(`https://127.0.0.1:${port}/`)).toBe('connection-refused');
    expect(await reasonOf('http://nowhere.example/')).toBe('dns-not-found');
    expect(await reasonOf(`http://127.0.0.1:${reset.port}/`)).toBe('connection-reset');
    expect(await reasonOf(`https://127.0.0.1:${nonsense.port}/`)).toBe('tls-failed');
    expect(await reasonOf(`https://127.0.0.1:${untrusted.port}/`)).toBe('tls-certificate-untrusted');
  });

  it('without a Chromium is unknown, and says what to install', async () => {
    const found = await check(kindMonitor(browser, { url: 'http://127.0.0.1:9/' }), probeContext());

    expect(found).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
    expect(found.message).toContain('apt install chromium');
  });

  it('connects to nothing beyond its reach', async () => {
    const inside = await site(shop);

    const found = await look(browser, { url: `http://127.0.0.1:${inside.port}/` }, { reach: 'public' });

    expect(found).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
    expect(inside.accepted()).toBe(0);
  });
});

/** Only to have steps in one column. */
const browserStep = (step: object) => step;

/** A script on this machine, bundled as for a probe. */
async function play(source: string, options: Options & { name?: string; variables?: object } = {}) {
  const { name = 'check.ts', variables = {}, ...others } = options;
  const directory = mkdtempSync(path.join(tmpdir(), 'tocsin-script-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(path.join(directory, name), source);
  symlinkSync(path.resolve('node_modules'), path.join(directory, 'node_modules'));
  const settings = { file: `./${name}`, variables };
  await bundleScripts([kindMonitor(script, settings)], directory, directory);
  return look(script, settings, { assets: directory, ...others });
}

describe('a script monitor', () => {
  it('runs a function, with its variables, and names its steps', async () => {
    const { port } = await site(shop);

    const found = await play(
      `export default async function ({ page, context, variables, step }) {
        await page.goto(variables.url);
        await step('fill', async () => { await page.fill('#password', variables.password); await page.click('text=Sign in'); });
        if (!(await page.textContent('#greeting')).endsWith('!')) throw new Error('the password was not filled');
      }`,
      {
        variables: { url: `http://127.0.0.1:${port}/`, password: { secret: 'password' } },
        expect: ['lcp < 9s', 'title == "Orders"'],
      },
    );

    expect(found, found.told).toMatchObject({ outcome: 'up', status: 200 });
    expect(found.steps?.map(({ name }) => name)).toEqual(['fill', './check.ts']);
    expect(found.told).not.toContain(secrets.password);
  });

  it.each<[string, string, object]>([
    [
      'what it throws',
      'throw new Error("no orders for " + variables.password)',
      { reason: 'condition-failed', message: 'no orders for ***' },
    ],
    [
      'a page that is not there',
      'await page.goto("http://127.0.0.1:CLOSED/")',
      { reason: 'connection-refused' },
    ],
    [
      'its own end, which does not come',
      'await new Promise(() => {})',
      { reason: 'condition-failed', message: 'it was not over in time' },
    ],
  ])('is down by %s', async (_, code, told) => {
    const port = String(await closedPort());

    const found = await play(
      `export const run = async ({ page, variables }) => { ${code.replace('CLOSED', port)} };`,
      {
        timeout: 3_000,
        variables: { password: { secret: 'password' } },
      },
    );

    expect(found, found.told).toMatchObject({ outcome: 'down', ...told });
    expect(found.told).not.toContain(secrets.password);
  });

  it('runs a spec of Playwright: groups, hooks, options, fixtures and expectations', async () => {
    const { port } = await site(shop);

    const found = await play(
      `import { expect, test } from '@playwright/test';
      test.use({ baseURL: 'http://127.0.0.1:${port}', viewport: { width: 640, height: 480 } });
      test.describe('shop', () => {
        test.beforeEach(async ({ page }) => { await page.goto('/'); });
        test('has a form', async ({ page, context, request }) => {
          await expect(page).toHaveURL('/');
          await expect(page).toHaveTitle(/^Shop$/);
          await expect(page.locator('h1')).toHaveText('Welcome to the shop');
          await expect(page.locator('option')).toHaveText(['S', /large/i]);
          await expect(page.locator('option')).toHaveCount(2);
          await expect(page.locator('#user')).toBeEditable();
          await expect(page.locator('#gone')).not.toBeVisible();
          await expect(page.locator('#size option').last()).toHaveAttribute('value', 'l');
          await page.fill('#user', 'ann');
          await expect(page.locator('#user')).toHaveValue('ann');
          expect(page.viewportSize()).toEqual({ width: 640, height: 480 });
          expect(await (await request.get('/')).text()).toContain('Welcome');
          await expect(await request.get('/')).toBeOK();
        });
        test('greets', { tag: '@fast' }, async ({ page }) => {
          await test.step('sign in', () => page.getByRole('button', { name: 'Sign in' }).click());
          await expect(page.locator('#greeting')).toContainText('Your orders');
        });
      });`,
      { name: 'shop.spec.ts' },
    );

    expect(found, found.told).toMatchObject({ outcome: 'up' });
    expect(found.steps?.map(({ name }) => name)).toEqual(['shop › has a form', 'sign in', 'shop › greets']);
  });

  it('of a spec tells the first test that fails, and takes none after it', async () => {
    const { port } = await site(shop);

    const found = await play(
      `import { expect, test } from '@playwright/test';
      test('sells', async ({ page }) => {
        await page.goto('http://127.0.0.1:${port}/');
        await expect(page.locator('h1'), 'heading').toHaveText('Closed', { timeout: 300 });
      });
      test('delivers', async () => {});`,
    );

    expect(found, found.told).toMatchObject({
      outcome: 'down',
      message: 'step sells: expect(locator(\'h1\')).toHaveText("Closed"): got "Welcome to the shop"',
    });
    expect(found.steps?.map(({ outcome }) => outcome)).toEqual(['down', 'unknown']);
    expect(found.screenshot).toBeDefined();
  });

  it.each([
    ['a matcher', 'await expect(page).toHaveScreenshot()', 'expect(…).toHaveScreenshot is not supported'],
    [
      'a negated matcher',
      'await expect(page.locator("h1")).not.toBeInViewport()',
      'toBeInViewport is not supported',
    ],
    ['a fixture', 'await browser.newContext()', 'the fixture browser is not supported'],
    ['a member of test', 'test.info()', 'test.info is not supported'],
  ])('refuses %s that it does not have: nothing passes that was not looked at', async (_, code, message) => {
    const found = await play(
      `import { expect, test } from '@playwright/test';
      test('one', async ({ page${code.includes('browser') ? ', browser' : ''} }) => { ${code}; });`,
    );

    expect(found).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
    expect(found.message).toContain(message);
  });

  it.each([
    ['test.extend({})', 'test.extend is not supported'],
    ['test.use({ storageState: "x" })', 'test.use({ storageState }) is not supported'],
    ['export const nothing = 1', 'must export one function by default'],
  ])('refuses %s', async (code, message) => {
    const found = await play(`import { test } from '@playwright/test';\nvoid test;\n${code};`);

    expect(found).toMatchObject({ outcome: 'unknown', reason: 'probe-error' });
    expect(found.message).toContain(message);
  });

  it('refuses an import that it does not have when it is bundled', async () => {
    const importing = `import { request } from '@playwright/test';\nexport default () => request.newContext();`;
    await expect(play(importing)).rejects.toThrow('No matching export');
  });

  it('has pages that reach nothing beyond the reach of a check, by whatever they try', async () => {
    const inside = await site(shop);
    const page = `<img src="http://127.0.0.1:${inside.port}/a"><iframe src="http://127.0.0.1:${inside.port}/b"></iframe>
      <script>
        fetch('http://127.0.0.1:${inside.port}/c', { mode: 'no-cors' }).catch(() => {});
        fetch('http://localhost:${inside.port}/d', { mode: 'no-cors' }).catch(() => {});
        fetch('http://169.254.169.254/latest/meta-data/', { mode: 'no-cors' }).catch(() => {});
        fetch('http://rebound.example:${inside.port}/', { mode: 'no-cors' }).catch(() => {});
        new WebSocket('ws://127.0.0.1:${inside.port}/e');
        navigator.sendBeacon('http://[::1]:${inside.port}/f');
      </script>`;

    const found = await play(
      `export default async function ({ page }) {
        await page.setContent(${JSON.stringify(page)}, { waitUntil: 'commit' });
        await page.goto('http://127.0.0.1:${inside.port}/download').catch(() => {});
        await page.waitForTimeout(500);
      }`,
      { reach: 'public' },
    );

    expect(inside.accepted()).toBe(0);
    expect(found.note, found.told).toContain('169.254.169.254');
    expect(found.note).toContain('127.0.0.1');
    expect(found.note).toContain('localhost');
  });
});
