import { Duration, TimeZone } from 'aws-cdk-lib';
import { type Alarm, AlarmMuteRule, ScheduleExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type MaintenanceWindow, periodsFrom } from '../../shared/maintenance/window.ts';

/** Alarms of one rule. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MuteTargets.html */
const alarmsPerRule = 100;

/**
 * Has CloudWatch itself mute alarms in maintenance windows, also while no function of ours runs.
 * @param alarmsOf those of a monitor that are in this stack
 */
export function muteInMaintenance(
  scope: Construct,
  windows: readonly MaintenanceWindow[],
  alarmsOf: (monitor: string) => Alarm[],
): void {
  // CloudWatch may refuse a time that has passed, and with it the whole deployment; what has begun we hold back without it.
  const now = Date.now();
  const toCome = windows.filter(
    (window) => 'cron' in window.begins || periodsFrom(window, now, 1).some(({ from }) => from > now),
  );
  const rules = toCome.flatMap((window) => {
    const alarms = window.monitors.flatMap(alarmsOf);
    return chunked(alarms, alarmsPerRule).map((chunk, n) => ruleFor(scope, window, chunk, n));
  });
  // CloudWatch takes 3 writes a second: one after the other stays below.
  rules.forEach((rule, n) => {
    const before = rules[n - 1];
    if (before) rule.node.addDependency(before);
  });
}

function ruleFor(
  scope: Construct,
  { id, begins, zone, duration, comment }: MaintenanceWindow,
  alarms: Alarm[],
  n: number,
): AlarmMuteRule {
  const expression = 'cron' in begins ? `cron(${begins.cron})` : `at(${begins.at})`;
  return new AlarmMuteRule(new Construct(scope, `Maintenance.${id}.${n}`), 'Rule', {
    description: comment ?? `Maintenance window ${id}`,
    schedule: ScheduleExpression.expression(expression, TimeZone.of(zone)),
    duration: Duration.millis(duration),
    alarms,
  });
}

const chunked = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
