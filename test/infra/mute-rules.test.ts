import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { MonitorAlarms } from '../../infra/alarms/monitor-alarms.ts';
import { resourceTypes } from '../../infra/local/resources/index.ts';
import type { Monitor } from '../../shared/config/config.ts';
import type { MaintenanceWindow } from '../../shared/maintenance/window.ts';
import { configOf, monitor } from '../support/synthesis.ts';

interface Rule {
  Properties: {
    Description: string;
    Rule: { Schedule: { Expression: string; Duration: string; Timezone: string } };
    MuteTargets: { AlarmNames: { Ref: string }[] };
  };
  DependsOn?: string[];
}

const window = (more: Partial<MaintenanceWindow>): MaintenanceWindow => ({
  id: 'nightly',
  monitors: [],
  match: [],
  begins: { cron: '0 2 * * SUN' },
  zone: 'Europe/Madrid',
  duration: 5_400_000,
  ...more,
});

/** Mute rules by logical id, each with the names of its alarms, of a stack with the alarms of these monitors. */
function rulesOf(monitors: Monitor[], maintenance: MaintenanceWindow[]) {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const config = configOf(monitors, { maintenance });
  new MonitorAlarms(stack, 'Alarms', { config, monitors, topic: new Topic(stack, 'Topic') });
  const { Resources } = app.synth().getStackByName('Stack').template;
  const rules = Object.entries<Rule & { Type: string }>(Resources).filter(
    ([, { Type }]) => Type === 'AWS::CloudWatch::AlarmMuteRule',
  );
  return rules.map(([id, rule]) => ({
    id,
    ...rule,
    alarms: rule.Properties.MuteTargets.AlarmNames.map(
      ({ Ref }) => Resources[Ref].Properties.AlarmName as string,
    ),
  }));
}

describe('CloudWatch mutes the alarms of a window itself', () => {
  test('each of a monitor, at the time that the config says', () => {
    const degraded = monitor('shop', {
      alert: { failing: 2, of: 3, severity: 'critical', degraded: { failing: 3, of: 5, severity: 'info' } },
    });
    const [rule, ...others] = rulesOf(
      [monitor('api'), degraded, monitor('other')],
      [window({ monitors: ['api', 'shop'], comment: 'backups' })],
    );
    expect(rule!.alarms).toEqual(['acme/monitor/api', 'acme/monitor/shop', 'acme/monitor/shop/degraded']);
    expect(rule!.Properties.Rule.Schedule).toEqual({
      Expression: 'cron(0 2 * * SUN)',
      Duration: 'PT1H30M',
      Timezone: 'Europe/Madrid',
    });
    expect(rule!.Properties.Description).toBe('backups');
    expect(others).toEqual([]);
  });

  test('at most a hundred in one rule, and one rule after the other', () => {
    const many = Array.from({ length: 150 }, (_, n) => monitor(`m-${n}`));
    const monitors = many.map(({ id }) => id);
    const rules = rulesOf(many, [
      window({ monitors }),
      window({ id: 'monthly', monitors, begins: { cron: '0 2 1 * *' } }),
    ]);
    expect(rules.map(({ alarms }) => alarms.length)).toEqual([100, 50, 100, 50]);
    expect(rules.slice(1).map(({ DependsOn }) => DependsOn)).toEqual(
      rules.slice(0, -1).map(({ id }) => [id]),
    );
  });

  test('once, unless that has passed or begun', () => {
    const once = (year: number) =>
      window({ id: `in-${year}`, monitors: ['api'], begins: { at: `${year}-03-01T22:00` } });
    const minuteAgo = new Date(Date.now() - 60_000).toISOString().slice(0, 16);
    const begun = window({ id: 'begun', monitors: ['api'], zone: 'UTC', begins: { at: minuteAgo } });
    const rules = rulesOf([monitor('api')], [once(2020), begun, once(2199)]);
    expect(rules.map(({ Properties }) => Properties.Rule.Schedule.Expression)).toEqual([
      'at(2199-03-01T22:00)',
    ]);
  });

  test('but none of monitors that have no alarm here', () => {
    expect(
      rulesOf([monitor('api', { enabled: false })], [window({ monitors: ['api', 'in-another-stack'] })]),
    ).toEqual([]);
  });

  test('locally too, which refuses what it does not do', () => {
    const context = { named: () => 'works', arn: () => 'arn', world: {} } as unknown as Parameters<
      NonNullable<(typeof resourceTypes)[string]>['create']
    >[1];
    const properties = {
      Rule: { Schedule: { Expression: 'at(2026-12-01T22:00)', Duration: 'PT1H' } },
      MuteTargets: { AlarmNames: [] },
    };
    const create = (more: object) =>
      resourceTypes['AWS::CloudWatch::AlarmMuteRule']!.create({ ...properties, ...more }, context);
    expect(create({}).ref).toBe('works');
    expect(() => create({ ExpireDate: '2027-01-01T00:00' })).toThrow('ExpireDate is not supported locally');
  });
});
