import { afterEach, describe, expect, it } from 'vitest';
import { type CloudWatch, createCloudWatch } from '../../infra/local/services/cloudwatch.ts';
import type { Config } from '../../shared/config/config.ts';
import type { NowItem } from '../../shared/history/history.ts';
import { recordBatch } from '../../shared/history/record.ts';
import { emfLine } from '../../shared/metrics/emf.ts';
import type { ObservationBatch, Outcome } from '../../shared/monitors/observation.ts';
import { type Shard, shardsOf } from '../../shared/monitors/shards.ts';
import { testRuntime } from '../support/local-runtime.ts';
import { type AlarmProperties, configOf, monitor, type Synthesis, synthesize } from '../support/synthesis.ts';

/*
 * What the synthesized alarms say to what probes report: batches go through the product's own recording and metrics format
 * into the local CloudWatch, which evaluates as documented.
 */

const minute = 60_000;

interface World {
  /** Lets `minutes` pass; `reporting` is what each location says of its monitors in every slot. */
  pass(minutes: number, reporting: Partial<Record<string, Report>>): Promise<void>;
  /** Alarms told since the last question, in order: `monitor/website ALARM`. */
  told(): string[];
}

interface Report {
  /** Of all its monitors. */
  outcome: Outcome;
  /** Milliseconds from the slot to the batch's arrival. Default 2 s. */
  after?: number;
  /** Times the batch is delivered. Default once. */
  deliveries?: number;
}

const up: Report = { outcome: 'up' };
const down: Report = { outcome: 'down' };

const open: CloudWatch[] = [];
afterEach(() => {
  for (const cloudWatch of open.splice(0)) cloudWatch.close();
});

async function deploy(config: Config): Promise<World> {
  const runtime = testRuntime();
  const { clock } = runtime;
  let told: string[] = [];
  const cloudWatch = createCloudWatch(runtime, {
    publish: async (_topic, { message }) => {
      const { AlarmName, NewStateValue } = JSON.parse(message.default);
      told.push(`${AlarmName.replace('acme/', '')} ${NewStateValue}`);
    },
    gauges: () => [],
  });
  open.push(cloudWatch);
  await putAlarms(cloudWatch, config);
  const shards = shardsOf(config);
  const record = recorder(config, (line) => cloudWatch.ingest('record-observations', line));

  return {
    async pass(minutes, reporting) {
      const end = clock.now() + minutes * minute;
      for (const shard of shards) {
        const report = reporting[shard.location];
        if (!report) continue;
        const { outcome, after = 2_000, deliveries = 1 } = report;
        for (let slot = clock.now(); slot < end; slot += shard.every)
          for (let n = 0; n < deliveries; n++)
            clock.at(slot + after + n, () => record(shard, batchOf(shard, slot, outcome)));
      }
      await clock.advance(minutes * minute);
    },
    told() {
      const now = told;
      told = [];
      return now;
    },
  };
}

/** Alarms on metrics of ours, as the template has them. */
async function putAlarms(cloudWatch: CloudWatch, config: Config): Promise<void> {
  const actions = ['arn:aws:sns:us-east-1:000000000000:alarms'];
  for (const alarm of await alarmsOf(config)) {
    const input = { ...alarm, AlarmActions: actions, OKActions: actions };
    await cloudWatch.handle({ operation: 'PutMetricAlarm', input, caller: undefined });
  }
}

const synthesized = new Map<Config, Promise<Synthesis>>();

async function alarmsOf(config: Config): Promise<AlarmProperties[]> {
  const synthesis = synthesized.get(config) ?? synthesize(config);
  synthesized.set(config, synthesis);
  return Object.values((await synthesis).ofType<AlarmProperties>('AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => Properties)
    .filter(({ MetricName }) => MetricName === 'Failed' || MetricName === 'Observed');
}

/** The product's recording, on a history in memory. */
function recorder(config: Config, write: (line: string) => void) {
  const slots = new Set<string>();
  const states = new Map<string, NowItem>();
  return (shard: Shard, batch: ObservationBatch) => {
    const key = `${shard.location}/${shard.id}`;
    const known = { every: shard.every, monitors: new Map(shard.monitors.map((m) => [m.id, m])) };
    return recordBatch(
      {
        readNow: async () => states.get(key),
        putSlot: async (_location, _shard, { slot }) => slots.size < slots.add(`${key}/${slot}`).size,
        putNow: async (now) => states.set(key, now) !== undefined,
        putEvidence: async () => {},
        putScreenshot: async () => {},
        putRunResult: async () => {},
        emit: (document) => write(emfLine(document) ?? ''),
      },
      config,
      known,
      batch,
    );
  };
}

const batchOf = ({ id, location, monitors }: Shard, slot: number, outcome: Outcome): ObservationBatch => ({
  version: 1,
  location,
  shard: id,
  slot,
  observations: monitors.map((m) => ({ monitor: m.id, at: slot, outcome, responseTime: 80 })),
});

const single = configOf([monitor('website')]);

const threeLocations = configOf([monitor('website', { quorum: 2, locations: ['a', 'b', 'c'] })], {
  locations: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
});

const fifty = configOf(Array.from({ length: 50 }, (_, n) => monitor(`m-${n}`)));

const aboutMonitors = (told: string[]) => told.filter((line) => line.startsWith('monitor/'));

describe('no monitor is called down', () => {
  it('by a stack whose probes have not said anything yet', async () => {
    const world = await deploy(single);
    await world.pass(30, {});
    expect(aboutMonitors(world.told())).toEqual([]);
  });

  it('by probes that cannot tell: that is one alarm about ourselves', async () => {
    const world = await deploy(fifty);
    await world.pass(10, { home: up });
    world.told();
    await world.pass(20, { home: { outcome: 'unknown' } });
    expect(world.told()).toEqual(['self/blind-home-60s-0 ALARM']);
  });

  it('107 by a dead shard of fifty: that is one alarm about ourselves, and one recovery', async () => {
    const world = await deploy(fifty);
    await world.pass(10, { home: up });
    world.told();
    await world.pass(20, {});
    expect(world.told()).toEqual(['self/blind-home-60s-0 ALARM']);
    await world.pass(10, { home: up });
    expect(world.told()).toEqual(['self/blind-home-60s-0 OK']);
  });

  it('by batches that come 40 s late, nor is anything else', async () => {
    const world = await deploy(fifty);
    await world.pass(10, { home: up });
    world.told();
    await world.pass(20, { home: { outcome: 'up', after: 40_000 } });
    expect(world.told()).toEqual([]);
  });

  it.each<[string, Record<string, Report>]>([
    ['one of three locations', { a: down, b: up, c: up }],
    ['one of three, delivered four times', { a: { outcome: 'down', deliveries: 4 }, b: up, c: up }],
    ['the only location that still votes', { a: down }],
    ['one while the others cannot tell', { a: down, b: { outcome: 'unknown' }, c: { outcome: 'unknown' } }],
  ])('by %s', async (_, reporting) => {
    const world = await deploy(threeLocations);
    await world.pass(5, { a: up, b: up, c: up });
    await world.pass(15, reporting);
    expect(aboutMonitors(world.told())).not.toContain('monitor/website ALARM');
  });
});

describe('a monitor is called down', () => {
  it.each<[string, Record<string, Report>]>([
    ['two of three locations', { a: down, b: down, c: up }],
    ['all of them', { a: down, b: down, c: down }],
    ['two, one of them 40 s late', { a: down, b: { outcome: 'down', after: 40_000 }, c: up }],
    ['two, while the third is dead', { a: down, b: down }],
  ])('by %s, and up again, once each', async (_, reporting) => {
    const world = await deploy(threeLocations);
    await world.pass(5, { a: up, b: up, c: up });
    world.told();
    await world.pass(10, reporting);
    expect(aboutMonitors(world.told())).toEqual(['monitor/website ALARM']);
    await world.pass(10, { a: up, b: up, c: up });
    expect(aboutMonitors(world.told())).toEqual(['monitor/website OK']);
  });

  it('after the second failure of three, not the first', async () => {
    const world = await deploy(single);
    await world.pass(5, { home: up });
    await world.pass(1, { home: down });
    await world.pass(4, { home: up });
    expect(aboutMonitors(world.told())).toEqual(['monitor/website OK']);
    await world.pass(1, { home: down });
    await world.pass(1, { home: up });
    await world.pass(1, { home: down });
    await world.pass(1, { home: up });
    expect(aboutMonitors(world.told())).toContain('monitor/website ALARM');
  });

  it('within 30 s when it is checked every 10 s', async () => {
    const world = await deploy(configOf([monitor('website', { every: 10_000 })]));
    await world.pass(2, { home: up });
    world.told();
    await world.pass(0.5, { home: down });
    expect(world.told()).toEqual(['monitor/website ALARM']);
  });

  it('for as long as nobody sees it up: a probe that dies meanwhile changes nothing', async () => {
    const world = await deploy(single);
    await world.pass(5, { home: up });
    await world.pass(5, { home: down });
    expect(aboutMonitors(world.told()).at(-1)).toBe('monitor/website ALARM');
    await world.pass(60, {});
    expect(aboutMonitors(world.told())).toEqual([]);
    await world.pass(5, { home: up });
    expect(aboutMonitors(world.told())).toEqual(['monitor/website OK']);
  });
});
