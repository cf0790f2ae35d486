import * as z from 'zod/mini';
import { isZone } from '../../../shared/wall-time.ts';
import { type Runtime, ServiceError } from '../service.ts';
import { type AlarmBase, breaches, type Comparison, type MetricAlarm } from './alarm.ts';
import { describeAlarmHistory, describeAlarms } from './alarm-descriptions.ts';
import { parseAlarmRule } from './alarm-rule.ts';
import type { Alarms } from './alarms.ts';
import {
  checkQueries,
  dimensionList,
  type MetricQuery,
  metricQuery,
  period,
  periodOfQuery,
  statistic,
} from './metric-query.ts';
import { type Operation, operation } from './operations.ts';
import { decimal, flag, integer } from './wire.ts';

const maxActions = 5;
const day = 86_400;
const week = 7 * day;

const snsTopic = z
  .string()
  .check(z.regex(/^arn:aws:sns:[a-z0-9-]+:\d+:[\w-]+$/, 'only SNS topics are supported as actions'));
const actions = z.optional(z.array(snsTopic).check(z.maxLength(maxActions)));
const alarmName = z.string().check(z.minLength(1), z.maxLength(255));
const tags = z.optional(z.array(z.strictObject({ Key: z.string(), Value: z.string() })));
const state = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

const common = {
  AlarmName: alarmName,
  AlarmDescription: z.optional(z.string().check(z.maxLength(1024))),
  ActionsEnabled: z.optional(flag()),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  Tags: tags,
};
const metricAlarm = {
  ...common,
  MetricName: z.optional(z.string()),
  Namespace: z.optional(z.string()),
  Statistic: z.optional(statistic),
  ExtendedStatistic: z.optional(statistic),
  Dimensions: dimensionList,
  Period: z.optional(period()),
  Unit: z.optional(z.string()),
  Metrics: z.optional(z.array(metricQuery).check(z.maxLength(20))),
  EvaluationPeriods: integer(1, week / 10),
  DatapointsToAlarm: z.optional(integer(1, week / 10)),
  Threshold: decimal(),
  ComparisonOperator: z.enum(Object.keys(breaches) as [Comparison, ...Comparison[]]),
  TreatMissingData: z.optional(z.enum(['missing', 'ignore', 'breaching', 'notBreaching'])),
  EvaluateLowSampleCountPercentile: z.optional(z.literal('evaluate')),
};
const muteRule = {
  Name: alarmName,
  Description: z.optional(z.string().check(z.maxLength(1024))),
  Rule: z.strictObject({
    Schedule: z.strictObject({
      Expression: z.string().check(z.maxLength(256)),
      Duration: z.string(),
      Timezone: z.optional(z.string().check(z.refine(isZone, 'no time zone'))),
    }),
  }),
  MuteTargets: z.optional(z.strictObject({ AlarmNames: z.array(alarmName).check(z.maxLength(100)) })),
  Tags: tags,
};
type CommonInput = z.infer<z.ZodMiniObject<typeof common>>;
type MetricAlarmInput = z.infer<z.ZodMiniObject<typeof metricAlarm>>;

/** The operations on alarms. */
export function alarmOperations(runtime: Runtime, alarms: Alarms): Record<string, Operation> {
  const base = (input: CommonInput) => ({
    name: input.AlarmName,
    description: input.AlarmDescription,
    arn: `arn:aws:cloudwatch:${runtime.region}:${runtime.account}:alarm:${input.AlarmName}`,
    actionsEnabled: input.ActionsEnabled ?? true,
    actions: {
      OK: input.OKActions ?? [],
      ALARM: input.AlarmActions ?? [],
      INSUFFICIENT_DATA: input.InsufficientDataActions ?? [],
    },
    configuredAt: runtime.clock.now(),
  });
  const names = { AlarmNames: z.array(alarmName).check(z.maxLength(100)) };
  return {
    PutMetricAlarm: operation(metricAlarm, (input) => {
      alarms.put({ ...base(input), ...metricPart(input) });
      return {};
    }),
    PutCompositeAlarm: operation({ ...common, AlarmRule: z.string().check(z.maxLength(10_240)) }, (input) => {
      const rule = parseAlarmRule(input.AlarmRule);
      alarms.put({ ...base(input), kind: 'composite', ruleText: input.AlarmRule, rule });
      return {};
    }),
    DeleteAlarms: operation(names, ({ AlarmNames }) => {
      for (const name of AlarmNames) alarms.delete(name);
      return {};
    }),
    SetAlarmState: operation(
      {
        AlarmName: alarmName,
        StateValue: state,
        StateReason: z.string(),
        StateReasonData: z.optional(z.string()),
      },
      async (input) => {
        await alarms.setState(input.AlarmName, input.StateValue, input.StateReason, input.StateReasonData);
        return {};
      },
    ),
    PutAlarmMuteRule: operation(muteRule, ({ Name, Rule: { Schedule }, MuteTargets }) => {
      alarms.mute({
        name: Name,
        alarms: MuteTargets?.AlarmNames ?? [],
        expression: Schedule.Expression,
        duration: Schedule.Duration,
        timeZone: Schedule.Timezone ?? 'UTC',
      });
      return {};
    }),
    EnableAlarmActions: operation(names, ({ AlarmNames }) => {
      for (const name of AlarmNames) alarms.enableActions(name, true);
      return {};
    }),
    DisableAlarmActions: operation(names, ({ AlarmNames }) => {
      for (const name of AlarmNames) alarms.enableActions(name, false);
      return {};
    }),
    DescribeAlarms: describeAlarms(alarms),
    DescribeAlarmHistory: describeAlarmHistory(alarms),
  };
}

function metricPart(input: MetricAlarmInput): Omit<MetricAlarm, keyof AlarmBase> {
  const single = input.Metrics === undefined;
  const queries = input.Metrics ?? [singleQuery(input)];
  checkQueries(queries);
  const returned = queries.filter(({ ReturnData }) => ReturnData ?? true);
  if (returned.length !== 1)
    refuse(`${input.AlarmName}: exactly one query must return data, not ${returned.length}`);
  const periods = new Set(queries.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
  if (periods.size > 1) refuse(`${input.AlarmName}: all metrics of an alarm must have the same period`);
  const seconds = periodOfQuery(returned[0]!, queries);
  if (seconds < 10)
    refuse(`${input.AlarmName}: Period ${seconds} is too short; an alarm takes 10, 20, 30 or whole minutes`);
  const longest = seconds < 3600 ? day : week;
  if (seconds * input.EvaluationPeriods > longest)
    refuse(`${input.AlarmName}: Period × EvaluationPeriods must not exceed ${longest} seconds`);
  const datapointsToAlarm = input.DatapointsToAlarm ?? input.EvaluationPeriods;
  if (datapointsToAlarm > input.EvaluationPeriods)
    refuse(`${input.AlarmName}: DatapointsToAlarm must not exceed EvaluationPeriods`);
  return {
    kind: 'metric',
    queries,
    single,
    unit: input.Unit,
    period: seconds,
    evaluationPeriods: input.EvaluationPeriods,
    datapointsToAlarm,
    statedDatapointsToAlarm: input.DatapointsToAlarm,
    threshold: input.Threshold,
    comparison: input.ComparisonOperator,
    treatMissingData: input.TreatMissingData ?? 'missing',
  };
}

function singleQuery(input: MetricAlarmInput): MetricQuery {
  const { Namespace, MetricName, Dimensions, Period, Unit } = input;
  const Stat = input.Statistic ?? input.ExtendedStatistic;
  if (!Namespace || !MetricName || !Period || !Stat)
    return refuse(`${input.AlarmName}: give Metrics, or Namespace, MetricName, Period and a statistic`);
  return { Id: 'm1', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit } };
}

function refuse(message: string): never {
  throw new ServiceError('ValidationError', message);
}
