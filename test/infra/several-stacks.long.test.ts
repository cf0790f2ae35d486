import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { maxAlarms } from '../../infra/buckets.ts';
import type { Config } from '../../shared/config/config.ts';
import {
  configOf,
  monitor,
  type Synthesis,
  synthesize,
  type Template,
  written,
} from '../support/synthesis.ts';

const many = (count: number, stacks: number): Config =>
  configOf(
    Array.from({ length: count }, (_, n) => monitor(`monitor-${n}`)),
    { stacks },
  );

/** Names of the resources of a type in a template. */
function namesIn(template: Template, type: string, name: string): string[] {
  const resources = Object.values(template.Resources).filter(({ Type }) => Type === type);
  return resources.map(({ Properties }) => String(Properties[name]));
}

const alarmsIn = (template: Template) => namesIn(template, 'AWS::CloudWatch::Alarm', 'AlarmName');
const schedulesIn = (template: Template) => namesIn(template, 'AWS::Scheduler::Schedule', 'Name');

/** Alarms of monitors and shards: those that move between stacks. */
const sharedAlarms = (template: Template) =>
  alarmsIn(template).filter((name) => /^acme\/(monitor\/|self\/blind-)/.test(name));

const unique = (names: string[]) => new Set(names).size === names.length;

describe('two thousand monitors in eight stacks', () => {
  let synthesis: Synthesis;
  beforeAll(async () => {
    synthesis = await synthesize(many(2_000, 8));
  });

  it('keep CloudFormation’s limits of resources and bytes in each, with room', () => {
    expect(Object.keys(synthesis.templates)).toEqual([
      'Tocsin-acme',
      ...Array.from({ length: 8 }, (_, n) => `Tocsin-acme-monitors-${n}`),
    ]);
    for (const template of Object.values(synthesis.templates)) {
      expect(Object.keys(template.Resources).length).toBeLessThan(500);
      expect(alarmsIn(template).length).toBeLessThanOrEqual(maxAlarms);
    }
    const files = readdirSync(synthesis.directory).filter((file) => file.endsWith('.template.json'));
    expect(files).toHaveLength(9);
    for (const file of files) expect(statSync(join(synthesis.directory, file)).size).toBeLessThan(1_000_000);
  });

  it('have each alarm and each schedule once, none of them in the main stack', () => {
    const { 'Tocsin-acme': main, ...others } = synthesis.templates;
    const alarms = Object.values(synthesis.templates).flatMap(alarmsIn);
    expect(unique(alarms)).toBe(true);
    expect(sharedAlarms(main!)).toEqual([]);
    expect(Object.values(others).flatMap(sharedAlarms)).toHaveLength(2_000 + 20);
    const schedules = Object.values(others).flatMap(schedulesIn);
    expect(unique(schedules)).toBe(true);
    expect(schedules).toHaveLength(20);
    expect(schedulesIn(main!)).toEqual(['reconcile']);
  });

  it('reach topics and probe by name, so that no stack holds another fast', () => {
    const { Resources } = synthesis.templates['Tocsin-acme-monitors-0']!;
    const [alarm] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    expect((alarm!.Properties.AlarmActions as unknown[]).map(written)).toEqual([
      'arn:aws:sns:eu-central-1:123456789012:Tocsin-acme-alarms',
    ]);
    const schedule = Object.values(Resources).find(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    expect(written((schedule!.Properties.Target as { Arn: unknown }).Arn)).toBe(
      'arn:aws:lambda:eu-central-1:123456789012:function:Tocsin-acme-probe-home',
    );
    for (const template of Object.values(synthesis.templates)) {
      expect(JSON.stringify(template)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
      expect(Object.values(template.Outputs ?? {}).filter((output) => 'Export' in output)).toEqual([]);
    }
  });

  it('draw the first of them in the one dashboard, and say where all are', () => {
    const text = JSON.stringify(synthesis.template);
    expect(text).toContain('The first 400 of 2000 monitors; the console has all.');
    expect(text).toContain('acme/monitor/monitor-399');
    expect(text).not.toContain('acme/monitor/monitor-400');
  });
});

it('a stack with too many alarms says how many stacks it takes', async () => {
  await expect(synthesize(many(1_000, 2))).rejects.toThrow(
    /1000 monitors in 2 stacks: Tocsin-acme-monitors-\d has \d+ alarms and takes 400: write stacks: 4 into/,
  );
});

describe('twice as many stacks', () => {
  interface Manifest {
    artifacts: Record<string, { dependencies?: string[] }>;
  }

  it.each([1, 2])(
    'than %i: whoever had an alarm gives it away before another stack makes it again',
    async (stacks) => {
      const [before, after] = await Promise.all([stacks, 2 * stacks].map((n) => synthesize(many(60, n))));
      const ownersBefore = owners(before!);
      const manifest = readFileSync(join(after!.directory, 'manifest.json'), 'utf8');
      const { artifacts } = JSON.parse(manifest) as Manifest;
      const moved = [...owners(after!)].filter(([alarm, stack]) => ownersBefore.get(alarm) !== stack);
      expect(moved.length).toBeGreaterThan(10);
      for (const [alarm, stack] of moved)
        expect(artifacts[stack]?.dependencies, `${alarm} to ${stack}`).toContain(ownersBefore.get(alarm));
    },
  );

  /** The stack of each alarm. */
  const owners = ({ templates }: Synthesis) =>
    new Map(
      Object.entries(templates).flatMap(([stack, template]) =>
        sharedAlarms(template).map((alarm): [string, string] => [alarm, stack]),
      ),
    );
});
