import type { Monitor } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { minutesPerMonth } from './assumptions.ts';

/** A service that could watch the same monitors. */
export interface Service {
  name: string;
  /** What its list price is made of. */
  terms: string;
  source: string;
  /** USD a month; undefined where no list price covers so many, or so often. */
  usd(monitors: readonly Monitor[]): number | undefined;
}

/** The month these list prices were looked up; vendors change them often, so look again before you decide. */
export const servicesOf = '2026-11';

/** Checks a month, from all locations, at most one a minute where the service goes no lower. */
const runs = (monitors: readonly Monitor[], shortest: number) =>
  monitors.reduce(
    (sum, { every, locations }) =>
      sum + (minutesPerMonth * unitMs.m * locations.length) / Math.max(every, shortest),
    0,
  );

/** Plans by the number of monitors they hold. */
const plan =
  (shortest: number, ...plans: (readonly [most: number, usd: number])[]) =>
  (monitors: readonly Monitor[]) =>
    monitors.some(({ every }) => every < shortest)
      ? undefined
      : plans.find(([most]) => monitors.length <= most)?.[1];

export const services: Service[] = [
  {
    name: 'CloudWatch Synthetics',
    terms: '0.0012 a run and an alarm each; its Lambda not counted, at most one run a minute',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    usd: (monitors) => runs(monitors, unitMs.m) * 0.0012 + monitors.length * 0.1,
  },
  {
    name: 'Datadog Synthetics',
    terms: '5 for 10,000 API tests, billed by the year',
    source: 'https://www.datadoghq.com/pricing/',
    usd: (monitors) => (runs(monitors, 30 * unitMs.s) / 10_000) * 5,
  },
  {
    name: 'Checkly',
    terms: '2 for 10,000 API checks',
    source: 'https://docs.checklyhq.com/docs/monitoring/check-pricing',
    usd: (monitors) => (runs(monitors, 10 * unitMs.s) / 10_000) * 2,
  },
  {
    name: 'Better Stack',
    terms: '29 for one responder and 21 for each 50 monitors beyond the first ten, every 30 s',
    source: 'https://betterstack.com/pricing',
    usd: (monitors) =>
      monitors.some(({ every }) => every < 30 * unitMs.s)
        ? undefined
        : 29 + 21 * Math.ceil(Math.max(0, monitors.length - 10) / 50),
  },
  {
    name: 'UptimeRobot',
    terms: 'Solo 8 for 10, Team 34 for 100 monitors, every minute',
    source: 'https://uptimerobot.com/pricing/',
    usd: plan(unitMs.m, [10, 8], [100, 34]),
  },
];
