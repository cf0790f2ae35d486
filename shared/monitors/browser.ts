import type { BrowserContextOptions } from 'playwright-core';
import type { Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { secretsIn } from '../config/secret.ts';
import { type BrowserSettings, browserSettings } from './browser/settings.ts';
import { openPage, type TakenStep, takeSteps, timed } from './browser/steps.ts';
import { measureVisit, pageProperties, type Visiting } from './browser/visit.ts';
import type { MonitorKind } from './kind.ts';
import { hostOf } from './network/network.ts';

export const browserProperties = {
  status: { type: 'number', description: 'Status code of the first page' },
  ...pageProperties,
  certificate: { type: 'days', description: 'Days until the certificate of the first page expires' },
} as const satisfies Properties;

/** Pages in a real browser: whether they load, and do what people do there. */
export const browser: MonitorKind<BrowserSettings> = {
  kind: 'browser',
  driver: 'playwright-core@1.65.1',
  loadDriver: () => import('playwright-core'),
  deployedDriver: '@sparticuz/chromium@153.0.0',
  settings: browserSettings,
  shorthand: 'url',
  every: { default: '5m', least: '1m', because: 'a browser takes seconds to look at a page' },
  timeout: '30s',
  properties: browserProperties,
  defaultExpect: ({ url, tls }) => [
    'status in 200-399',
    ...(new URL(url).protocol === 'https:' && tls.verify ? ['certificate > 14d'] : []),
  ],
  hosts: ({ url, steps }) =>
    [url, ...steps.flatMap((step) => ('goto' in step ? [step.goto] : []))].map((each) =>
      hostOf(new URL(each)),
    ),
  secrets: ({ auth, steps }) => [...new Set(secretsIn({ auth, steps }))],
  measure: (monitor, context, before) =>
    measureVisit(
      monitor,
      context,
      before,
      (readSecret) => optionsOf(monitor.settings, readSecret),
      (visiting) => follow(monitor, visiting),
    ),
};

/** What the browser itself sees to: whom it trusts, and what it answers when it is asked who it is. */
async function optionsOf(
  { url, auth, tls }: BrowserSettings,
  readSecret: Visiting['readSecret'],
): Promise<BrowserContextOptions> {
  const trust = { ignoreHTTPSErrors: !tls.verify };
  if (!auth) return trust;
  const { username, password } = auth.basic;
  const given = typeof password === 'string' ? password : await readSecret(password.secret);
  return { ...trust, httpCredentials: { username, password: given, origin: new URL(url).origin } };
}

async function follow(
  { settings }: Monitor<BrowserSettings>,
  { session, open, left, readSecret, note }: Visiting,
): Promise<TakenStep[]> {
  const { page, load } = await open();
  const visit = { page, proxy: session.proxy, settings, readSecret, left, note };
  const opened = await timed(`open ${settings.url}`, visit, async () => {
    await openPage(settings.url, visit);
    await load.settled();
  });
  if (opened.outcome === 'up') return [opened, ...(await takeSteps(settings.steps, visit))];
  return [opened];
}
