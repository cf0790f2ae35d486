import { describe, expect, it } from 'vitest';
import { configOf, monitor, type Resource, synthesize } from '../support/synthesis.ts';

interface ScheduleProperties {
  Name: string;
  ScheduleExpression: string;
  FlexibleTimeWindow: { Mode: string };
  Target: { Input: string; RetryPolicy: { MaximumRetryAttempts: number; MaximumEventAgeInSeconds: number } };
}

const schedulesOf = async (...periods: number[]) => {
  const monitors = periods.map((every, n) => monitor(`m-${n}`, { every }));
  const { ofType } = await synthesize(configOf(monitors));
  return Object.values(ofType<ScheduleProperties>('AWS::Scheduler::Schedule')).map(
    ({ Properties }: Resource<ScheduleProperties>) => Properties,
  );
};

describe('schedules', () => {
  it('invoke the probe for each shard once a minute, or as often as its monitors are due', async () => {
    const schedules = await schedulesOf(10_000, 30_000, 60_000, 300_000, 86_400_000);
    const expressions = Object.fromEntries(schedules.map((s) => [s.Name, s.ScheduleExpression]));
    expect(expressions).toEqual({
      'probe-home-10s-0': 'rate(1 minute)',
      'probe-home-30s-0': 'rate(1 minute)',
      'probe-home-60s-0': 'rate(1 minute)',
      'probe-home-300s-0': 'rate(5 minutes)',
      'probe-home-86400s-0': 'rate(1440 minutes)',
      reconcile: 'rate(1 minute)',
    });
  });

  it('say which shard, and when the run was due', async () => {
    const inputs = (await schedulesOf(10_000)).map(({ Target }) => JSON.parse(Target.Input));
    expect(inputs).toEqual([
      { shard: '10s-0', time: '<aws.scheduler.scheduled-time>' },
      { time: '<aws.scheduler.scheduled-time>' },
    ]);
  });

  it('are one for each fifty monitors', async () => {
    const schedules = await schedulesOf(...Array.from({ length: 101 }, () => 60_000));
    expect(schedules.map(({ Name }) => Name)).toEqual(['probe-home-60s-0', 'probe-home-60s-1', 'reconcile']);
  });

  it('never repeat a run that is late or failed', async () => {
    const { ofType } = await synthesize(configOf([monitor('website')]));
    for (const { Properties } of Object.values(ofType<ScheduleProperties>('AWS::Scheduler::Schedule'))) {
      expect(Properties.FlexibleTimeWindow).toEqual({ Mode: 'OFF' });
      expect(Properties.Target.RetryPolicy).toEqual({
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
      });
    }
    const invocations = Object.values(ofType('AWS::Lambda::EventInvokeConfig')).map(
      ({ Properties }) => Properties,
    );
    expect(invocations).toHaveLength(2);
    for (const invocation of invocations)
      expect(invocation).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  });

  it('need no probe where nothing is watched', async () => {
    const { ofType } = await synthesize(configOf([monitor('paused', { enabled: false })]));
    const names = Object.values(ofType<{ FunctionName: string }>('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.FunctionName,
    );
    expect(names).not.toContain('Tocsin-acme-probe-home');
    expect(names).toContain('Tocsin-acme-record-observations');
  });
});
