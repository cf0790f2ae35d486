import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Level } from '../../shared/config/config.ts';
import { type Estimate, estimate, totalsByName } from '../../shared/cost/estimate.ts';
import { aMonitor } from '../support/monitor.ts';
import { onlySlack, priced } from './configs.ts';

/** USD by kind of thing. */
const totals = (of: Estimate): Record<string, number> =>
  Object.fromEntries(totalsByName(of).map(({ name, usd }) => [name, usd]));

/** Everything by hand, to a tenth of a cent; what is not named comes to nothing. */
function expectBill(of: Estimate, bill: Record<string, number>): void {
  const actual = totals(of);
  for (const name of new Set([...Object.keys(bill), ...Object.keys(actual)]))
    expect(actual[name] ?? 0, name).toBeCloseTo(bill[name] ?? 0, 3);
  expect(of.total).toBeCloseTo(
    Object.values(bill).reduce((sum, usd) => sum + usd, 0),
    2,
  );
}

const minutes = 43_800;

describe('by hand', () => {
  test('an empty stack with Slack, less the free tier', () => {
    // 5 functions, 4 queues: errors 5, dead letters 4, late 3, metrics lost 2, secret 1, drift 1.
    const alarms = 5 + 4 + 3 + 2 + 1 + 1;
    // Five pollers of each of 4 queues ask three times a minute.
    const polls = 4 * 5 * 3 * minutes;
    // Every function uses the key once in five minutes.
    const keyUses = (5 * minutes) / 5;
    expectBill(estimate(priced({ channels: onlySlack }), { freeTier: true }), {
      alarms: (alarms - 10) * 0.1,
      key: 1 + ((keyUses - 20_000) * 0.03) / 10_000,
      queues: ((polls - 1_000_000) * 0.4) / 1e6,
      'console and API': 10_000 / 1e6,
    });
  });

  test('one monitor every ten seconds with Slack, at list prices', () => {
    const slots = 6 * minutes;
    // 6 functions, 4 queues: as above, and errors, secret and blind of the probe.
    const alarms = 6 + 4 + 3 + 2 + 2 + 1 + 1;
    // The probe stays from the first slot of a minute to its last, 50 s later, and checks for 0.3 s and 1.25 ms of a processor.
    const run = 50 + 0.3 + (0.00125 * 1_769) / 256;
    const seconds =
      minutes * run + // probe
      slots * 0.06 + // record-observations
      minutes * 0.3 + // reconcile
      (minutes / 5) * 0.08 + // which folds every five minutes
      10_000 * 0.15 + // console
      8 * 0.15; // one incident: six runs of track-incidents, two of notify-slack
    const runs = minutes + slots + minutes + 10_000 + 8;
    const requests =
      4 * 5 * 3 * minutes + // empty queues
      slots + // observations sent,
      2 * slots + // received and deleted
      12; // one incident
    const written =
      2 * slots + // slot and state, each below a kilobyte
      3 * (minutes / 5) + // hour, day and how far it is folded
      80; // one incident
    const read =
      slots + // state, below 4 kB
      2 * slots + // pauses, and windows that somebody began
      ((minutes / 5) * (7 + 1)) / 2 + // 180 slots of 145 bytes in 7 times 4 kB, hours in one; eventually consistent
      minutes / 2; // how far it is folded
    const metricLine =
      '{"_aws":{"Timestamp":1767268800000,"CloudWatchMetrics":[{"Namespace":"Tocsin/acme","Dimensions":[["Monitor"]],"Metrics":[{"Name":"Failed","Unit":"Count","StorageResolution":1},{"Name":"ResponseTime","Unit":"Milliseconds","StorageResolution":1}]}]},"Monitor":"monitor-0","Failed":0,"ResponseTime":123.4}';
    const observedLine =
      '{"_aws":{"Timestamp":1767268800000,"CloudWatchMetrics":[{"Namespace":"Tocsin/acme","Dimensions":[["Location","Shard"]],"Metrics":[{"Name":"Observed","Unit":"Count"}]}]},"Location":"home","Shard":"10s-0","Observed":1}';
    const logged = 400 * (minutes + slots + minutes) + slots * (metricLine.length + observedLine.length);
    const gigabyte = 1024 ** 3;

    expectBill(estimate(priced({ monitors: 1, every: 10_000, channels: onlySlack }), { freeTier: false }), {
      alarms: alarms * 0.1,
      'alarms of high resolution': 0.3,
      // Failed, ResponseTime, Observed; the times to acknowledge and resolve in the hour of the one incident.
      metrics: (3 + 2 / 730) * 0.3,
      dashboards: 3,
      key: 1 + ((6 * minutes) / 5 / 10_000) * 0.03,
      queues: (requests * 0.4) / 1e6,
      'Lambda compute': seconds * 0.25 * 0.0000133334,
      'Lambda invocations': (runs * 0.2) / 1e6,
      schedules: (2 * minutes) / 1e6,
      tables: (written * 0.625 + read * 0.125) / 1e6 + 0.0004, // and storage of less than a megabyte
      'requests to CloudWatch': (minutes / 1_000) * 0.01,
      logs: (logged / gigabyte) * 0.5,
      'transfer to the internet': ((slots * 1_100) / gigabyte) * 0.09,
      'console and API': 10_000 / 1e6,
    });
  });

  test('a hundred lean monitors every minute with Slack and email, less the free tier', () => {
    // 7 functions, 5 queues: errors 7, dead letters 5, late 4, metrics lost 2, secrets 3, drift 1, blind 1.
    const alarms = 100 + 7 + 5 + 4 + 2 + 3 + 1 + 1;
    const requests = 5 * 5 * 3 * minutes + 3 * minutes + 100 * 12;
    const written =
      (1 + 7) * minutes + // a slot in one kilobyte, the state of 6.1 kB in seven
      (5 + 8 + 1) * (minutes / 5) + // an hour of 4.6 kB, a day of 7.7 kB, how far it is folded
      100 * 80;
    const read =
      2 * minutes + // the state in two times 4 kB
      2 * minutes + // pauses, and windows that somebody began
      ((minutes / 5) * (5 + 14)) / 2 + // 30 slots of 0.6 kB, 12 hours
      minutes / 2;
    const bill = estimate(priced({ monitors: 100, level: 'lean' }), { freeTier: true });
    expectBill(bill, {
      alarms: (alarms - 10) * 0.1,
      // Failed in one of two hundred hours each, Observed always: 1.5, and ten are free.
      metrics: 0,
      // 1 + 2 × (7 functions + 5 queues + 2 notifiers) = 29 metrics: free.
      dashboards: 0,
      key: 1 + (((7 * minutes) / 5 - 20_000) * 0.03) / 10_000,
      queues: ((requests - 1_000_000) * 0.4) / 1e6,
      tables: (written * 0.625 + read * 0.125) / 1e6 + 0.0017, // and 8.6 MB to restore from
      mail: (100 * 2 * 0.1) / 1_000,
      'console and API': 10_000 / 1e6,
    });
  });
});

describe('the price', () => {
  const level = fc.constantFrom<Level>('lean', 'standard', 'detailed');
  const every = fc.constantFrom(10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 3_600_000, 86_400_000);
  const freeTier = fc.boolean();
  /** Sums of fractions differ by their order. */
  const tiny = 1e-9;

  test('is the sum of its items, each quantity times price', () => {
    fc.assert(
      fc.property(fc.nat(150), level, every, freeTier, (monitors, level, every, freeTier) => {
        const { total, items } = estimate(priced({ monitors, level, every }), { freeTier });
        expect(total).toBeCloseTo(
          items.reduce((sum, { usd }) => sum + usd, 0),
          9,
        );
        for (const { quantity, price, usd } of items) expect(usd).toBeCloseTo(quantity * price, 9);
        expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
      }),
      { numRuns: 30 },
    );
  });

  test('never falls when a monitor is added, one is checked more often, or more is written', () => {
    fc.assert(
      fc.property(fc.nat(120), level, every, freeTier, (monitors, level, every, freeTier) => {
        const usd = (wanted: Parameters<typeof priced>[0]) =>
          estimate(priced({ monitors, level, every, ...wanted }), { freeTier }).total;
        expect(usd({ monitors: monitors + 1 })).toBeGreaterThanOrEqual(usd({}) - tiny);
        expect(usd({ every: every === 60_000 ? 30_000 : every / 2 })).toBeGreaterThanOrEqual(usd({}) - tiny);
        expect(usd({ level: 'detailed' })).toBeGreaterThanOrEqual(usd({ level: 'standard' }) - tiny);
        expect(usd({ level: 'standard' })).toBeGreaterThanOrEqual(usd({ level: 'lean' }) - tiny);
      }),
      { numRuns: 20 },
    );
  });

  test('is never higher with the free tier, and never negative', () => {
    fc.assert(
      fc.property(fc.nat(150), level, every, (monitors, level, every) => {
        const config = priced({ monitors, level, every });
        const free = estimate(config, { freeTier: true });
        expect(free.total).toBeLessThanOrEqual(estimate(config, { freeTier: false }).total);
        for (const { name, usd } of totalsByName(free)) expect(usd, name).toBeGreaterThanOrEqual(-1e-9);
      }),
      { numRuns: 20 },
    );
  });

  test('falls by the metric beyond ten thousand', () => {
    const { items } = estimate(priced({ monitors: 6_000 }), { freeTier: false });
    // 12,000 of monitors, 60 Observed and 8 times of incidents: 2,068 at 0.10 instead of 0.30.
    expect(items.find(({ id }) => id === 'volume/metric')?.usd).toBeCloseTo(-2_068 * 0.2, 6);
  });

  test('leaves out what runs on this machine only, and what is paused', () => {
    const config = priced({ monitors: 1 });
    const without = priced();
    for (const change of [{ localOnly: true }, { enabled: false }]) {
      const { total } = estimate({ ...config, monitors: [aMonitor(change)] }, { freeTier: true });
      expect(total).toBeCloseTo(estimate(without, { freeTier: true }).total, 9);
    }
  });

  test('counts an alarm for being degraded, and the metrics of every location', () => {
    const alert = aMonitor().alert;
    const degraded = aMonitor({ alert: { ...alert, degraded: { failing: 3, of: 5, severity: 'warning' } } });
    const count = (monitor: typeof degraded, id: string, level: Level = 'standard') => {
      const config = { ...priced({ level }), locations: [{ id: 'home' }, { id: 'us' }], monitors: [monitor] };
      return estimate(config, { freeTier: false }).items.find((item) => item.id === id)?.quantity;
    };
    expect(count(degraded, 'alarm/monitor/web')).toBe(2);
    const everywhere = aMonitor({ locations: ['home', 'us'] });
    expect(count(everywhere, 'metric/monitor/web')).toBe(2);
    // Failed, ResponseTime, five phases from each location, and the certificate's days, in one hour of a day.
    expect(count(everywhere, 'metric/monitor/web', 'detailed')).toBeCloseTo(2 + 2 * 5 + 1 / 24, 6);
  });

  test('counts what the config names of a health endpoint: whether it is up, and its latency', () => {
    const monitor = aMonitor({ kind: 'health', settings: { components: ['database', 'cache'] } });
    const { items } = estimate({ ...priced(), monitors: [monitor] }, { freeTier: false });
    expect(items.find(({ id }) => id === 'metric/monitor/web')?.quantity).toBe(2 + 2 * 2);
  });

  test('counts what channels publish to a topic and a bus of one’s own', () => {
    const quantities = (kinds: string[]) => {
      const channels = kinds.map((kind) => ({ id: kind, kind, settings: {} }));
      const { items } = estimate(priced({ monitors: 1, channels }), { freeTier: false });
      return ['publish/incidents', 'bus/incidents'].map(
        (id) => items.find((item) => item.id === id)?.quantity,
      );
    };
    expect(quantities(['slack'])).toEqual([3, undefined]);
    expect(quantities(['slack', 'sns', 'eventbridge'])).toEqual([5, 2]);
  });

  test('of checks inside a network has no transfer to the internet', () => {
    const network = { vpcId: 'vpc-1', subnets: ['subnet-1'], securityGroups: ['sg-1'] };
    const config = { ...priced({ monitors: 1 }), locations: [{ id: 'home', network }] };
    const { items } = estimate(config, { freeTier: false });
    expect(items.filter(({ of }) => of === 'transfer')).toEqual([]);
  });
});
