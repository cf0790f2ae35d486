import type { AlarmState, MissingData } from './alarm-evaluation.ts';
import type { AlarmRule } from './alarm-rule.ts';
import type { MetricQuery } from './metric-query.ts';

export type Comparison =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

/** What every kind of alarm has. */
export interface AlarmBase {
  name: string;
  description: string | undefined;
  arn: string;
  actionsEnabled: boolean;
  actions: Record<AlarmState, string[]>;
  /** Epoch milliseconds of the last change of the alarm's own settings. */
  configuredAt: number;
}

/** An alarm on one metric or on metric math; both as queries, of which exactly one returns data. */
export interface MetricAlarm extends AlarmBase {
  kind: 'metric';
  queries: MetricQuery[];
  /** Written with MetricName and Namespace rather than as a list of queries: tells how it is shown. */
  single: boolean;
  unit: string | undefined;
  /** Seconds. */
  period: number;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  /** As given; undefined is shown as absent and means evaluationPeriods. */
  statedDatapointsToAlarm: number | undefined;
  threshold: number;
  comparison: Comparison;
  treatMissingData: MissingData;
}

export interface CompositeAlarm extends AlarmBase {
  kind: 'composite';
  ruleText: string;
  rule: AlarmRule;
}

export type Alarm = MetricAlarm | CompositeAlarm;

/** Where an alarm stands; survives restarts. */
export interface AlarmStatus {
  state: AlarmState;
  reason: string;
  /** JSON. */
  reasonData: string | undefined;
  /** Epoch milliseconds of the last state or reason. */
  updatedAt: number;
  /** Epoch milliseconds when the state last became another. */
  transitionedAt: number;
  /** The state before, where a mute rule keeps the actions of this one back: they run when it ends. */
  mutedFrom?: AlarmState;
}

export const breaches: Record<Comparison, (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};
