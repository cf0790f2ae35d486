import { expect, it } from 'vitest';
import type { DescribedAlarm } from '../../shared/aws/cloudwatch.ts';
import { testReason } from '../../shared/incidents/test-alert.ts';
import { testLasts, testsToEnd } from '../../shared/test-alerts/alarm.ts';

const now = Date.UTC(2026, 10, 20, 12);

const left: DescribedAlarm = {
  name: 'acme/monitor/website',
  arn: 'arn:a',
  state: 'ALARM',
  reason: testReason('ann'),
  since: now - testLasts,
  actionsEnabled: true,
};

it.each<[string, Partial<DescribedAlarm>, boolean]>([
  ['left behind', {}, true],
  ['that has just begun', { since: now - testLasts + 1 }, false],
  ['that is over', { state: 'OK' }, false],
  ['of another alarm of the account', { name: 'other/monitor/website' }, false],
])('a test %s is ended: %s', (_, more, isEnded) => {
  expect(testsToEnd([{ ...left, ...more }], { name: 'acme' }, now)).toHaveLength(isEnded ? 1 : 0);
});

it('an alarm that fires by itself is left alone', () => {
  expect(testsToEnd([{ ...left, reason: 'Threshold Crossed' }], { name: 'acme' }, now)).toEqual([]);
});
