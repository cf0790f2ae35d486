import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { type CloudWatch, createCloudWatch } from '../../../infra/local/services/cloudwatch.ts';
import { startOfTest, type TestRuntime, testRuntime } from '../../support/local-runtime.ts';

const topic = 'arn:aws:sns:us-east-1:000000000000:alarms';
const minute = 60_000;
const name = 'acme/monitor/website';

let runtime: TestRuntime;
let cloudwatch: CloudWatch;
let published: string[];

function start(stateDir?: string, at = startOfTest): CloudWatch {
  runtime = testRuntime(stateDir, at);
  return createCloudWatch(runtime, {
    publish: async (_, { message }) => {
      const { OldStateValue, NewStateValue, StateChangeTime, ActionExecutedAfterMuteWindow } = JSON.parse(
        message.default,
      );
      const after = ActionExecutedAfterMuteWindow ? ' after the window' : '';
      published.push(`${OldStateValue} ${NewStateValue} of ${StateChangeTime.slice(11, 16)}${after}`);
    },
    gauges: () => [],
  });
}

const call = async (operation: string, input: Record<string, unknown>) =>
  cloudwatch.handle({ operation, input, caller: undefined });
const set = (StateValue: string) =>
  call('SetAlarmState', { AlarmName: name, StateValue, StateReason: 'a test' });
const wait = (minutes: number) => runtime.clock.advance(minutes * minute);
const clock = () => new Date(runtime.clock.now()).toISOString();
const at = (minutesFromNow: number) =>
  new Date(runtime.clock.now() + minutesFromNow * minute).toISOString().slice(0, 16);
const rule = (Expression: string, Duration = 'PT10M', more = {}) =>
  call('PutAlarmMuteRule', {
    Name: 'works',
    Rule: { Schedule: { Expression, Duration, ...more } },
    MuteTargets: { AlarmNames: [name] },
  });

const putAlarm = () =>
  call('PutMetricAlarm', {
    AlarmName: name,
    Namespace: 'Tocsin/acme',
    MetricName: 'Failed',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'ignore',
    AlarmActions: [topic],
    OKActions: [topic],
  });

beforeEach(async () => {
  published = [];
  cloudwatch = start();
  await putAlarm();
  await set('OK');
  published.length = 0;
});

describe('while a mute rule is on', () => {
  beforeEach(() => rule(`at(${at(5)})`));

  it('tells nothing of an alarm, and tells it when it is over with the time of then', async () => {
    await wait(7);
    const since = clock().slice(11, 16);
    await set('ALARM');
    await wait(7);
    expect(published).toEqual([]);
    await wait(1);
    expect(published).toEqual([`OK ALARM of ${since} after the window`]);
    await wait(20);
    expect(published).toHaveLength(1);
  });

  it('tells nothing of a recovery either, until it is over', async () => {
    await set('ALARM');
    await wait(6);
    await set('OK');
    const since = clock().slice(11, 16);
    expect(published).toHaveLength(1);
    await wait(9);
    expect(published.slice(1)).toEqual([`ALARM OK of ${since} after the window`]);
  });

  it('of several changes only the last is told', async () => {
    await wait(6);
    for (const state of ['ALARM', 'OK', 'ALARM']) await set(state);
    await wait(9);
    expect(published).toEqual([expect.stringMatching(/^OK ALARM .* after the window$/)]);
  });

  it('mutes no other alarm, and none before or after', async () => {
    await set('ALARM');
    await wait(15);
    await set('OK');
    expect(published).toHaveLength(2);
    expect(published.join()).not.toContain('after');
  });
});

it('remembers over a restart what it did not tell', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'mute-rules-'));
  try {
    cloudwatch = start(stateDir);
    await putAlarm();
    await set('OK');
    const begins = at(0);
    await rule(`at(${begins})`);
    await set('ALARM');
    published.length = 0;
    cloudwatch.close();
    cloudwatch = start(stateDir, runtime.clock.now());
    await putAlarm();
    await rule(`at(${begins})`);
    await wait(11);
    expect(published).toEqual([expect.stringContaining('OK ALARM')]);
    cloudwatch.close();
  } finally {
    rmSync(stateDir, { recursive: true });
  }
});

it('comes again by a cron expression in its zone', async () => {
  const local = new Date(runtime.clock.now() + 2 * 3_600_000 + minute);
  await rule(`cron(${local.getUTCMinutes()} ${local.getUTCHours()} * JAN-DEC SUN-SAT)`, 'P0DT1H', {
    Timezone: 'Africa/Cairo',
  });
  await wait(2);
  await set('ALARM');
  expect(published).toEqual([]);
  await wait(60);
  expect(published).toHaveLength(1);
});

test.each([
  ['at(2026-12-01T22:00:00)', 'PT1H', {}],
  ['at(tomorrow)', 'PT1H', {}],
  ['rate(1 day)', 'PT1H', {}],
  ['cron(*/5 * * * *)', 'PT1H', {}],
  ['cron(0 2 * * * *)', 'PT1H', {}],
  ['cron(0 99 * * *)', 'PT1H', {}],
  ['cron(0 2 * * SUN)', 'PT0M', {}],
  ['cron(0 2 * * SUN)', 'P16D', {}],
  ['cron(0 2 * * SUN)', '2h', {}],
  ['cron(0 2 * * SUN)', 'PT1H', { Timezone: 'Mars/Olympus' }],
])('%s for %s is refused', async (expression, duration, more) => {
  await expect(rule(expression, duration, more)).rejects.toMatchObject({
    code: expect.stringMatching(/^Validation/),
  });
});
