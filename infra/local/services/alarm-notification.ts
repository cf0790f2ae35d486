import type { Alarm, AlarmStatus, MetricAlarm } from './alarm.ts';
import type { AlarmState } from './alarm-evaluation.ts';
import type { MetricQuery } from './metric-query.ts';

/** What an alarm publishes to SNS, as `MessageStructure: json` wants it. */
export interface AlarmNotification {
  subject: string;
  message: { default: string; email: string; sms: string };
}

export interface AlarmTransition {
  alarm: Alarm;
  from: AlarmState;
  to: AlarmStatus;
  region: string;
  account: string;
  /** Its actions waited until a mute rule was over. */
  isAfterMute: boolean;
  /** Only of composite alarms: what their rule saw. */
  children: { arn: string; state: AlarmState; at: number }[];
}

/** Names of Regions as CloudWatch writes them; the code itself where there is none. */
const regionNames: Record<string, string> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'ca-central-1': 'Canada (Central)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-west-3': 'EU (Paris)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'sa-east-1': 'South America (Sao Paulo)',
};

/** `2025-02-02T12:06:35.472+0000` */
export const alarmTime = (epochMs: number) => new Date(epochMs).toISOString().replace('Z', '+0000');

/** The notification of a transition, member for member as CloudWatch words it. */
export function alarmNotification(transition: AlarmTransition): AlarmNotification {
  const { alarm, from, to, region } = transition;
  const regionName = regionNames[region] ?? region;
  const heading = `${to.state}: "${alarm.name}" in ${regionName}`;
  const common = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: transition.account,
    AlarmConfigurationUpdatedTimestamp: alarmTime(alarm.configuredAt),
    NewStateValue: to.state,
    NewStateReason: to.reason,
    StateChangeTime: alarmTime(to.transitionedAt),
    Region: regionName,
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    ...(transition.isAfterMute && { ActionExecutedAfterMuteWindow: true }),
  };
  const details = alarm.kind === 'metric' ? { Trigger: triggerOf(alarm) } : compositeDetails(transition);
  return {
    subject: heading.slice(0, 100),
    message: {
      default: JSON.stringify({ ...common, ...details }),
      email: emailText(transition, regionName),
      sms: heading.slice(0, 140),
    },
  };
}

function compositeDetails({ alarm, children }: AlarmTransition) {
  return {
    AlarmRule: alarm.kind === 'composite' ? alarm.ruleText : '',
    TriggeringChildren: children.map(({ arn, state, at }) => ({
      Arn: arn,
      State: { Value: state, Timestamp: alarmTime(at) },
    })),
  };
}

function triggerOf(alarm: MetricAlarm) {
  const evaluation = {
    Period: alarm.period,
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(alarm.statedDatapointsToAlarm && { DatapointsToAlarm: alarm.statedDatapointsToAlarm }),
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.treatMissingData,
    EvaluateLowSampleCountPercentile: '',
  };
  if (!alarm.single) return { ...evaluation, Metrics: alarm.queries.map(metricOfTrigger) };
  const { Metric, Stat } = alarm.queries[0]!.MetricStat!;
  const extended = Stat.startsWith('p');
  return {
    MetricName: Metric.MetricName,
    Namespace: Metric.Namespace,
    StatisticType: extended ? 'ExtendedStatistic' : 'Statistic',
    ...(extended ? { ExtendedStatistic: Stat } : { Statistic: upperSnake(Stat) }),
    Unit: alarm.unit ?? null,
    Dimensions: (Metric.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
    ...evaluation,
  };
}

/** `SampleCount` → `SAMPLE_COUNT` */
const upperSnake = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

function metricOfTrigger({ Id, Expression, Label, MetricStat, ReturnData }: MetricQuery) {
  if (!MetricStat) return { Expression, Id, ...(Label && { Label }), ReturnData: ReturnData ?? true };
  const { Metric, Period, Stat } = MetricStat;
  const dimensions = (Metric.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name }));
  return {
    Id,
    ...(Label && { Label }),
    MetricStat: {
      Metric: { Dimensions: dimensions, MetricName: Metric.MetricName, Namespace: Metric.Namespace },
      Period,
      Stat,
    },
    ReturnData: ReturnData ?? true,
  };
}

function emailText({ alarm, from, to, account }: AlarmTransition, regionName: string): string {
  return [
    `You are receiving this email because your Amazon CloudWatch Alarm "${alarm.name}" in the ${regionName} region has entered the ${to.state} state, because "${to.reason}" at "${new Date(to.transitionedAt).toUTCString()}".`,
    '',
    'Alarm Details:',
    `- Name:                       ${alarm.name}`,
    `- Description:                ${alarm.description ?? ''}`,
    `- State Change:               ${from} -> ${to.state}`,
    `- Reason for State Change:    ${to.reason}`,
    `- Timestamp:                  ${new Date(to.transitionedAt).toUTCString()}`,
    `- AWS Account:                ${account}`,
    `- Alarm Arn:                  ${alarm.arn}`,
  ].join('\n');
}
