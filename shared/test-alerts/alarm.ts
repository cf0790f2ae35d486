import type { DescribedAlarm } from '../aws/cloudwatch.ts';
import type { Config, Monitor } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import { isTestReason } from '../incidents/test-alert.ts';
import { windowAt } from '../maintenance/window.ts';
import { formatTime } from '../notifications/time.ts';
import { TestRefusal } from './refusal.ts';

/** Milliseconds after which a test is ended by itself: whoever began it need not be there any more. */
export const testLasts = 2 * unitMs.m;

export const alarmOf = ({ name }: Pick<Config, 'name'>, monitor: string) => `${name}/monitor/${monitor}`;

/** @throws TestRefusal where CloudWatch mutes the alarm of a monitor */
export function assertUnmuted(
  { maintenance }: Pick<Config, 'maintenance'>,
  { id }: Pick<Monitor, 'id'>,
  now: number,
): void {
  const window = windowAt(maintenance, id, now);
  if (window)
    throw new TestRefusal(
      'not-now',
      `${id} is in its maintenance window ${window.id}, until ${formatTime(window.to)}: CloudWatch mutes its alarm`,
    );
}

/**
 * @param alarm undefined where CloudWatch has none of that name
 * @throws TestRefusal where an alarm cannot be set as it is
 */
export function assertUsable(
  name: string,
  monitor: string,
  alarm: DescribedAlarm | undefined,
): asserts alarm is DescribedAlarm {
  if (!alarm) throw new TestRefusal('not-now', `there is no alarm ${name}\nnpm run deploy`);
  if (isTest(alarm)) throw new TestRefusal('not-now', `${monitor} is being tested now: ${alarm.reason}`);
  if (alarm.state === 'ALARM')
    throw new TestRefusal('not-now', `${monitor} is failing now, and an alarm that fires cannot be tested`);
  if (!alarm.actionsEnabled)
    throw new TestRefusal('not-now', `${monitor} is paused, so its alarm tells nobody`);
}

/** Whether an alarm fires because somebody tests. */
export const isTest = ({ state, reason }: Pick<DescribedAlarm, 'state' | 'reason'>) =>
  state === 'ALARM' && isTestReason(reason);

/** Tests of monitors' alarms that have lasted long enough. Pure. */
export const testsToEnd = (
  alarms: readonly DescribedAlarm[],
  { name }: Pick<Config, 'name'>,
  now: number,
): DescribedAlarm[] =>
  alarms.filter(
    (alarm) =>
      isTest(alarm) &&
      alarm.name.startsWith(alarmOf({ name }, '')) &&
      now - (alarm.since ?? now) >= testLasts,
  );

/** The reason with which a test's alarm is set back. */
export const overReason = (reason: string) => `${reason} is over`;
