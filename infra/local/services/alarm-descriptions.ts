import * as z from 'zod/mini';
import type { Answer } from '../service.ts';
import type { Alarm, AlarmStatus, MetricAlarm } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import { type Operation, operation } from './operations.ts';
import { epochSeconds, instant, integer } from './wire.ts';

const state = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

/** DescribeAlarms. */
export function describeAlarms(alarms: Alarms): Operation {
  return operation(
    {
      AlarmNames: z.optional(z.array(z.string()).check(z.maxLength(100))),
      AlarmNamePrefix: z.optional(z.string()),
      AlarmTypes: z.optional(z.array(z.enum(['MetricAlarm', 'CompositeAlarm']))),
      StateValue: z.optional(state),
      MaxRecords: z.optional(integer(1, 100)),
      NextToken: z.optional(z.string()),
    },
    ({ AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, MaxRecords, NextToken }) => {
      const types = AlarmTypes ?? ['MetricAlarm'];
      const matching = alarms
        .list()
        .filter(({ alarm }) => types.includes(alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'))
        .filter(
          ({ alarm }) => AlarmNames?.includes(alarm.name) ?? alarm.name.startsWith(AlarmNamePrefix ?? ''),
        )
        .filter(({ status }) => (StateValue ?? status.state) === status.state)
        .filter(({ alarm }) => NextToken === undefined || alarm.name > NextToken);
      const page = matching.slice(0, MaxRecords ?? 50);
      return {
        MetricAlarms: page.filter(({ alarm }) => alarm.kind === 'metric').map(described),
        CompositeAlarms: page.filter(({ alarm }) => alarm.kind === 'composite').map(described),
        ...(page.length < matching.length && { NextToken: page.at(-1)!.alarm.name }),
      };
    },
  );
}

function described({ alarm, status }: { alarm: Alarm; status: AlarmStatus }): Answer {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ...(alarm.description !== undefined && { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: epochSeconds(alarm.configuredAt),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    StateValue: status.state,
    StateReason: status.reason,
    ...(status.reasonData && { StateReasonData: status.reasonData }),
    StateUpdatedTimestamp: epochSeconds(status.updatedAt),
    StateTransitionedTimestamp: epochSeconds(status.transitionedAt),
    ...(alarm.kind === 'metric' ? describedMetric(alarm) : { AlarmRule: alarm.ruleText }),
  };
}

function describedMetric(alarm: MetricAlarm): Answer {
  return {
    ...(alarm.single ? describedSingle(alarm) : { Metrics: alarm.queries }),
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(alarm.statedDatapointsToAlarm && { DatapointsToAlarm: alarm.statedDatapointsToAlarm }),
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.treatMissingData,
  };
}

function describedSingle({ queries, unit, period: seconds }: MetricAlarm): Answer {
  const { Metric, Stat } = queries[0]!.MetricStat!;
  return {
    Namespace: Metric.Namespace,
    MetricName: Metric.MetricName,
    Dimensions: Metric.Dimensions ?? [],
    Period: seconds,
    ...(Stat.startsWith('p') ? { ExtendedStatistic: Stat } : { Statistic: Stat }),
    ...(unit && { Unit: unit }),
  };
}

/** DescribeAlarmHistory. */
export function describeAlarmHistory(alarms: Alarms): Operation {
  return operation(
    {
      AlarmName: z.optional(z.string()),
      AlarmTypes: z.optional(z.array(z.enum(['MetricAlarm', 'CompositeAlarm']))),
      HistoryItemType: z.optional(z.enum(['StateUpdate', 'ConfigurationUpdate', 'Action'])),
      StartDate: z.optional(instant()),
      EndDate: z.optional(instant()),
      MaxRecords: z.optional(integer(1, 100)),
      ScanBy: z.optional(z.enum(['TimestampDescending', 'TimestampAscending'])),
    },
    ({ AlarmName, AlarmTypes, HistoryItemType, StartDate, EndDate, MaxRecords, ScanBy }) => {
      const types = AlarmTypes ?? ['MetricAlarm'];
      const items = alarms
        .history(StartDate ?? 0, EndDate ?? Number.MAX_SAFE_INTEGER)
        .filter(({ alarm }) => (AlarmName ?? alarm) === alarm)
        .filter(({ type }) => (HistoryItemType ?? type) === type)
        .map(({ alarm, kind, at, type, summary }) => ({
          AlarmName: alarm,
          AlarmType: kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm',
          Timestamp: epochSeconds(at),
          HistoryItemType: type,
          HistorySummary: summary,
        }))
        .filter(({ AlarmType }) => types.some((type) => type === AlarmType));
      const ordered = ScanBy === 'TimestampAscending' ? items.toReversed() : items;
      return { AlarmHistoryItems: ordered.slice(0, MaxRecords ?? 100) };
    },
  );
}
