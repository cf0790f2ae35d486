import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Config } from '../../shared/config/config.ts';
import type { TocsinFunction } from '../lambda-function.ts';
import { metric } from '../metrics.ts';
import type { WorkQueue } from '../queue.ts';
import { type SelfAlarm, type SelfTopics, selfAlarm } from './self-alarm.ts';

export interface SelfAlarmsProps extends SelfTopics {
  config: Config;
  functions: TocsinFunction[];
  queues: WorkQueue[];
  /** Writes the monitors' metrics. */
  recorder: TocsinFunction;
  /** Read secrets: names as they report them. */
  secretReaders: string[];
}

const minute = Duration.minutes(1);
const eachMinute = { statistic: 'Sum', period: minute };
const fiveMinutes = { statistic: 'Sum', period: Duration.minutes(5) };

/**
 * Alarms on our own parts. Each costs 0.10 USD a month beyond the ten that AWS gives away, and an expression costs as much as
 * the metrics in it: so each watches one metric, by a name that says what to look at. docs/runbook.md lists them.
 */
export class SelfAlarms extends Construct {
  constructor(scope: Construct, id: string, props: SelfAlarmsProps) {
    super(scope, id);
    const topics = { topic: props.topic, direct: props.direct };
    const all = [
      ...props.functions.map(failingFunction),
      ...props.queues.map(deadLetters),
      ...props.queues.flatMap(lateQueue),
      ...lostMetrics(props.recorder),
      ...props.secretReaders.map((reader) => missingSecret(props.config, reader)),
      drift(props.config),
    ];
    for (const each of all) selfAlarm(this, props.config, topics, each);
  }
}

const failingFunction = (target: TocsinFunction): SelfAlarm => ({
  id: `errors-${target.verb}`,
  symptom: `The function ${target.verb} throws or times out.`,
  runbook: '#errors',
  metric: target.metricErrors(eachMinute),
  failing: 2,
  of: 5,
  missingData: { treatment: 'notBreaching', because: 'not invoked, so nothing failed' },
});

const deadLetters = ({ name, dead }: WorkQueue): SelfAlarm => ({
  id: `dead-letters-${name}`,
  symptom: `The queue ${name} has messages that could not be handled and were put aside.`,
  runbook: '#dead-letters',
  metric: dead.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: minute }),
  missingData: { treatment: 'notBreaching', because: 'SQS stops reporting a queue that stays empty' },
});

function lateQueue({ name, queue, lateAfter }: WorkQueue): SelfAlarm[] {
  if (!lateAfter) return [];
  return [
    {
      id: `late-${name}`,
      symptom: `The oldest message in the queue ${name} waits longer than ${lateAfter.toMinutes()} minutes.`,
      runbook: '#late',
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: minute }),
      threshold: lateAfter.toSeconds(),
      missingData: { treatment: 'notBreaching', because: 'SQS stops reporting a queue that stays empty' },
    },
  ];
}

/** CloudWatch drops what is no valid metric document without a word, but counts it. */
const lostMetrics = (recorder: TocsinFunction): SelfAlarm[] =>
  (['EMFParsingErrors', 'EMFValidationErrors'] as const).map((metricName) => ({
    id: metricName === 'EMFParsingErrors' ? 'metrics-unreadable' : 'metrics-invalid',
    symptom: `CloudWatch cannot use metrics that ${recorder.verb} writes (${metricName}).`,
    runbook: '#metrics-lost',
    metric: new Metric({
      ...fiveMinutes,
      namespace: 'AWS/Logs',
      metricName,
      dimensionsMap: { LogGroupName: recorder.logGroup.logGroupName },
    }),
    of: 3,
    missingData: { treatment: 'notBreaching', because: 'CloudWatch counts only when there is an error' },
  }));

const missingSecret = (config: Config, reader: string): SelfAlarm => ({
  id: `secret-missing-${reader}`,
  symptom: `${reader} needs a secret that is not in SSM below /tocsin/${config.name}/; its log names it.`,
  runbook: '#secret-missing',
  metric: metric(config, 'SecretMissing', { service: reader }, fiveMinutes),
  of: 3,
  missingData: { treatment: 'notBreaching', because: 'written only when a secret is missing' },
});

const drift = (config: Config): SelfAlarm => ({
  id: 'reconcile-drift',
  symptom:
    'Incidents differed from their alarms again and again, and reconcile put them right: notifications get lost.',
  runbook: '#reconcile-drift',
  metric: metric(config, 'ReconcileDrift', { service: 'reconcile' }, fiveMinutes),
  failing: 2,
  of: 3,
  missingData: {
    treatment: 'notBreaching',
    because: 'written only when something was put right',
  },
});
