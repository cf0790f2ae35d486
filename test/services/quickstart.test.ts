import { loadavg } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeSlack } from '../end-to-end/stage.ts';
import { complaintsOf, openBrowser } from './browser.ts';
import { type Quickstart, quickstart } from './quickstart.ts';

/** How often the console refreshes a page, in milliseconds. */
const refreshMs = 5_000;

/** Milliseconds for what takes checks, an alarm and a refresh. */
const patience = { timeout: 45_000 };

let slack: Awaited<ReturnType<typeof fakeSlack>>;
let running: Quickstart;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  slack = await fakeSlack();
  browser = await openBrowser();
  running = await quickstart({ SLACK_WEBHOOK: slack.url });
  page = await browser.newPage();
  complaints = complaintsOf(page);
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([running?.stop(), slack?.close()]);
});

const heading = () => page.getByRole('heading', { level: 1 }).textContent();
const section = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click();
const main = () => page.locator('main').innerText();

/** Switches the demo site as people do. */
async function press(name: string) {
  await section('Demo site');
  await page.getByRole('button', { name }).click();
  await page.locator(`button[aria-pressed=true]:has-text("${name}")`).waitFor();
}

/** One story from the first start to the recovery; each test goes on where the one before ended. */
describe('npm start', () => {
  it('is ready within 6 s', () => {
    console.log(`ready after ${(running.readyMs / 1_000).toFixed(1)} s`);
    expect(running.readyMs, `with a load average of ${loadavg()[0]}`).toBeLessThanOrEqual(6_000);
  });

  it('shows the demo site up', async () => {
    await page.goto(running.url);

    await expect.poll(heading, patience).toBe('Everything is up');
    expect(slack.received).toEqual([]);
  });

  it('tells Slack within 35 s of one click that breaks the site, and the open page of itself', async () => {
    await press('Errors');
    const brokenAt = performance.now();
    await section('Monitors');

    await expect.poll(() => slack.received.length, patience).toBe(1);
    const seconds = (performance.now() - brokenAt) / 1_000;
    console.log(`Slack was told after ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThanOrEqual(35);
    expect(JSON.stringify(slack.received[0])).toContain('status == 200');
    await expect.poll(heading, patience).toBe('website is down');
    await expect.poll(() => page.getByText('triggered').count(), patience).toBe(1);
  });

  it('shows the incident with the evidence of both looks at the site', async () => {
    await section('Incidents');
    await page.getByRole('link', { name: 'website' }).click();

    for (const attempt of ['Attempt 1 of 2', 'Attempt 2 of 2']) {
      const seen = await page.locator('article', { hasText: attempt }).innerText();
      expect(seen).toMatch(/status == 200 did not hold: saw 503/);
      expect(seen).toMatch(/json \$\.status == "healthy" did not hold: saw "unhealthy"/);
    }
    expect(await main()).toContain('https://wiki.example.com/runbooks/website');
  });

  it('has pages that fit a phone, in light and dark, while the incident is open', async () => {
    const brightness = await inspectPages();
    expect(complaints).toEqual([]);
    expect(brightness.light).toBeGreaterThan(200);
    expect(brightness.dark).toBeLessThan(50);
  });

  it('keeps what somebody types while the page refreshes, and takes it as a comment', async () => {
    const comment = page.getByLabel('Comment');
    await comment.fill('the database is being restarted');
    await comment.blur();
    await page.waitForTimeout(2 * refreshMs + 1_000);
    expect(await comment.inputValue()).toBe('the database is being restarted');

    await page.getByRole('button', { name: 'Add' }).click();
    await page.locator('.timeline', { hasText: 'the database is being restarted' }).waitFor();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.locator('h1 + .line', { hasText: 'acknowledged' }).waitFor();

    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    expect(await main()).toMatch(/the database is being restarted console/);
  });

  it('shows in the outbox the Slack message and the mail that were sent', async () => {
    await section('Outbox');

    const sent = async (to: string) =>
      (await page.locator('article.notification', { hasText: to }).last().innerText()).replaceAll('\n', ' ');
    expect(await sent('ops')).toMatch(/sent, answered 200.*status == 200/);
    expect(await sent('oncall@example.com')).toMatch(/captured here.*\[CRITICAL\].*status == 200/);
  });

  it('tells of the recovery after one click that mends the site, and for how long it was broken', async () => {
    await press('Healthy');
    await section('Incidents');
    await page.getByRole('link', { name: 'website' }).click();

    await expect.poll(() => slack.received.at(-1)?.text, patience).toMatch(/resolved/i);
    expect(JSON.stringify(slack.received.at(-1))).toMatch(/after \d+ (min|s)/);
    await expect.poll(() => page.locator('h1 + .line').innerText(), patience).toMatch(/resolved.*lasted/s);
  });

  it('has pages that fit a phone, in light and dark, once the incident is over', async () => {
    await inspectPages();
    expect(complaints).toEqual([]);
  });

  it('ran without an error', () => {
    const lines = running.output().split('\n');
    expect(lines.filter((line) => /error|fail|denied/i.test(line))).toEqual([]);
  });
});

/**
 * Shows every page on a phone, when the desktop shows the incident's. What they complain of, and those that scroll
 * sideways, are added to `complaints`.
 * @returns how bright the background is in each scheme, 0 to 255
 */
async function inspectPages(): Promise<{ light: number; dark: number }> {
  const incident = new URL(page.url()).pathname;
  expect(incident).toMatch(/^\/incidents\/./);
  const paths = ['/', '/monitors/website', '/incidents', incident, '/alarms', '/outbox', '/demo', '/sign-in'];
  const brightness = { light: 0, dark: 0 };
  for (const colorScheme of ['light', 'dark'] as const) {
    const phone = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme });
    const found = complaintsOf(phone);
    for (const path of paths) {
      await phone.goto(running.url + path);
      const width = await phone.evaluate<number>('document.documentElement.scrollWidth');
      if (width > 390) found.push(`${path} is ${width} px wide`);
    }
    brightness[colorScheme] = await backgroundBrightness(phone);
    complaints.push(...found);
    await phone.close();
  }
  return brightness;
}

/** Mean of red, green and blue behind a page, 0 to 255. */
async function backgroundBrightness(shown: Page): Promise<number> {
  const colour = await shown.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (red + green + blue) / 3;
}
