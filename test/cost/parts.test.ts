import { beforeAll, describe, expect, test } from 'vitest';
import type { Config, Level } from '../../shared/config/config.ts';
import { estimate } from '../../shared/cost/estimate.ts';
import { partsOf } from '../../shared/cost/parts.ts';
import { probedShardsOf, probeNameOfShard } from '../../shared/monitors/shards.ts';
import {
  type AlarmProperties,
  configOf,
  heartbeat,
  monitor,
  page,
  type Synthesis,
  scriptOf,
  synthesize,
} from '../support/synthesis.ts';

const monitors = [
  monitor('website', { every: 10_000 }),
  monitor('shop'),
  monitor('nightly', { every: 86_400_000 }),
  monitor('paused', { enabled: false }),
  heartbeat('backup'),
];
const slack = configOf([]).channels.slice(0, 1);
const crowd = Array.from({ length: 60 }, (_, n) => monitor(`m-${n}`));

describe.each<[string, Config]>([
  ['with Slack and email', configOf(monitors)],
  ['with Slack at level lean', configOf(crowd, { level: 'lean', channels: slack })],
  [
    'with a network, another Region, a dead-man and alarms in two stacks',
    configOf(
      [
        monitor('inside', { locations: ['office'] }),
        monitor('outside', { locations: ['home', 'us', 'office'] }),
      ],
      {
        region: 'eu-central-1',
        stacks: 2,
        deadMan: { region: 'us-east-1' },
        locations: [
          { id: 'home' },
          { id: 'us', region: 'us-west-2' },
          {
            id: 'office',
            network: { vpcId: 'vpc-0123abcd', subnets: ['subnet-0123abcd'], securityGroups: ['sg-0123abcd'] },
          },
        ],
      },
    ),
  ],
  [
    'with locations that only confirm',
    configOf([monitor('confirmed', { quorum: 2, confirmFrom: ['asleep', 'us'] })], {
      region: 'eu-central-1',
      locations: [{ id: 'home' }, { id: 'asleep' }, { id: 'us', region: 'us-west-2' }],
    }),
  ],
  [
    'with browsers and scripts',
    configOf(
      [
        monitor('shop'),
        page('page'),
        page('other', { locations: ['home', 'us'], quorum: 2 }),
        scriptOf('checkout'),
      ],
      { region: 'eu-central-1', locations: [{ id: 'home' }, { id: 'us', region: 'us-west-2' }] },
    ),
  ],
  ['that watches nothing and tells nobody', configOf([], { channels: [], routes: [] })],
])('the estimate of what is deployed %s has what the templates have', (_, config) => {
  let synthesis: Synthesis;
  beforeAll(async () => {
    synthesis = await synthesize(config);
  });
  const items = estimate(config, { freeTier: false }).items;
  const quantity = (prefix: string) =>
    items.filter(({ id }) => id.startsWith(prefix)).reduce((sum, item) => sum + item.quantity, 0);
  const properties = <Properties>(type: string) =>
    Object.values(synthesis.templates)
      .flatMap(({ Resources }) => Object.values(Resources))
      .filter(({ Type }) => Type === type)
      .map((resource) => resource.Properties as Properties);

  test('alarms, by name and resolution', () => {
    const alarms = properties<AlarmProperties>('AWS::CloudWatch::Alarm');
    const names = alarms.map(({ AlarmName }) => AlarmName).filter((name) => name.startsWith('acme/self/'));
    expect(partsOf(config).ownAlarms.toSorted()).toEqual(names.sort());
    const fast = alarms.filter(({ Period }) => Period < 60).length;
    expect(quantity('alarm/')).toBe(alarms.length);
    expect(items.filter(({ of }) => of === 'fastAlarm')).toHaveLength(fast);
  });

  test('functions and their memory', () => {
    const functions = properties<{ FunctionName: string; MemorySize: number }>('AWS::Lambda::Function');
    const memory = Object.fromEntries(functions.map((f) => [f.FunctionName, f.MemorySize]));
    const { functions: names } = partsOf(config);
    const all = [...names, ...probedShardsOf(config).map(probeNameOfShard)];
    const memoryOf = (name: string) => {
      if (/^(browser|script)-/.test(name)) return 2_048;
      return name.startsWith('probe-') && config.monitors === crowd ? 512 : 256;
    };
    const expected = all.map((name) => [`Tocsin-acme-${name}`, memoryOf(name)]);
    expect(memory).toEqual(Object.fromEntries(expected));
  });

  test('queues that Lambda looks into, ten messages at a time', () => {
    const sources = properties<{ BatchSize: number }>('AWS::Lambda::EventSourceMapping');
    expect(partsOf(config).queues).toHaveLength(sources.length);
    expect(sources.every(({ BatchSize }) => BatchSize === 10)).toBe(true);
  });

  test('invocations by schedule', () => {
    const schedules = properties<{ ScheduleExpression: string }>('AWS::Scheduler::Schedule');
    const runs = schedules.map(({ ScheduleExpression }) => 43_800 / Number(/\d+/.exec(ScheduleExpression)));
    expect(quantity('schedule/')).toBeCloseTo(
      runs.reduce((sum, each) => sum + each, 0),
      6,
    );
  });

  test('keys, and metrics on the dashboard', () => {
    expect(properties('AWS::KMS::Key')).toHaveLength(1);
    const [dashboard] = properties<{ DashboardBody: unknown }>('AWS::CloudWatch::Dashboard');
    const shown = JSON.stringify(dashboard).match(/\[\\"(AWS|Tocsin)\//g)?.length;
    expect(shown).toBe(partsOf(config).dashboardMetrics);
  });
});

test.each<[Level, number, string]>([
  ['standard', 10, 'smallDashboard'],
  ['standard', 11, 'dashboard'],
  ['lean', 100, 'smallDashboard'],
])('the dashboard of level %s with %i monitors has the price %s', (level, count, price) => {
  const some = Array.from({ length: count }, (_, n) => monitor(`m-${n}`));
  const { items } = estimate(configOf(some, { level }), { freeTier: false });
  expect(items.find(({ id }) => id === 'dashboard/operations')?.of).toBe(price);
});
