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
  deployedDriver: '@sparticuz/chromium@153.0.0',
  settings: browserSettings,
  shorthand: 'url',
  every: { default: '5m', least: '1m', because: 'a browser takes seconds to look at a page' },
  timeout: '30s',
  properties: browserProperties,
  defaultExpect: ({ url }) => [
    'status in 200-399',
    ...(new URL(url).protocol === 'https:' ? ['certificate > 14d'] : []),
  ],
  hosts: ({ url, steps }) =>
    [url, ...steps.flatMap((step) => ('goto' in step ? [step.goto] : []))].map((each) =>
      hostOf(new URL(each)),
    ),
  secrets: ({ steps }) => [...new Set(secretsIn(steps))],
  measure: (monitor, context, before) =>
    measureVisit(monitor, context, before, (visiting) => follow(monitor, visiting)),
};

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
