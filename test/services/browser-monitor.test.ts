import { describe, expect, it } from 'vitest';
import { findChromium } from '../../shared/monitors/browser/chromium.ts';
import { browser } from '../../shared/monitors/browser.ts';
import { check } from '../../shared/monitors/check.ts';
import type { Step } from '../../shared/monitors/transcript.ts';
import { probeContext } from '../support/http-monitor.ts';
import type { checked } from '../support/kind-check.ts';
import { kindMonitor } from '../support/kind-monitor.ts';
import { serveHttp } from '../support/servers.ts';

const chromium = findChromium(process.env)!;

/** A shop: a page with a form, which greets whoever signs in. */
const shop = () =>
  serveHttp((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://shop');
    response.setHeader('content-type', 'text/html');
    if (pathname === '/broken') response.statusCode = 500;
    if (pathname === '/never') return;
    response.end(`<!doctype html><title>Shop</title><h1>Welcome to the shop</h1>
      <form onsubmit="event.preventDefault(); document.title = 'Orders'; history.pushState({}, '', '/orders'); greet.textContent = 'Your orders, ' + user.value">
      <input id="user"><input id="password"><select id="size"><option>S<option value="l">Large</select>
      <button>Sign in</button></form><p id="greet"></p><p id="gone" hidden>hidden</p>
      ${pathname === '/noisy' ? '<script>console.error("no stock of hunter2-horse"); undefinedThing()</script>' : ''}`);
  });

const secrets = { password: 'hunter2-horse' };

/** One check, in real time, which Playwright goes by; `told` is every text that anybody could read of it. */
async function look(settings: object, { context, ...options }: Parameters<typeof checked>[2] = {}) {
  const steps: Step[] = [];
  const monitor = kindMonitor(browser, settings, { timeout: 10_000, ...options });
  const observation = await check(monitor, {
    ...probeContext({ secrets, browser: { chromium }, ...context }),
    transcribe: (_, taken) => void steps.push(...taken),
  });
  return { ...observation, told: JSON.stringify([observation, steps]) };
}

describe('a browser monitor', () => {
  it('is up when the page loads, and tells what people would feel', async () => {
    const { port } = await shop();
    const found = await look(
      { url: `http://127.0.0.1:${port}/` },
      { expect: ['status == 200', 'lcp < 5s', 'cls < 0.5', 'console.errors == 0', 'title == "Shop"'] },
    );
    console.log(found);
    expect(found).toMatchObject({ outcome: 'up', status: 200 });
  });
  it('does steps', async () => {
    const { port } = await shop();
    const found = await look({
      url: `http://127.0.0.1:${port}/`,
      patience: '1s',
      steps: [
        { fill: '#user', with: 'ann' },
        { fill: '#password', with: { secret: 'password' } },
        { select: '#size', option: 'l' },
        { click: 'text=Sign in' },
        { expect: { text: /orders, \w+/ } },
        { expect: { url: '/orders' } },
        { expect: { title: 'Orders' } },
        { expect: { hidden: '#gone' } },
        { expect: { visible: '#greet' } },
        { press: 'Tab' },
        { expect: { text: 'Nobody' } },
      ],
    });
    console.log({ ...found, screenshot: found.screenshot?.length });
    if (found.screenshot)
      (await import('node:fs')).writeFileSync('/tmp/shot.jpg', Buffer.from(found.screenshot, 'base64'));
  });
});
