import { Duration } from 'aws-cdk-lib';
import { type Alarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config, Monitor } from '../../shared/config/config.ts';
import { monitorMetric } from '../metrics.ts';
import { alarm } from './alarm.ts';

export interface MonitorAlarmsProps {
  config: Config;
  topic: ITopic;
}

/** One alarm per monitor, whatever the number of locations: enough of them saw it fail, in enough slots. */
export class MonitorAlarms extends Construct {
  readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, { config, topic }: MonitorAlarmsProps) {
    super(scope, id);
    const enabled = config.monitors.filter((monitor) => monitor.enabled);
    this.alarms = enabled.map((monitor) =>
      alarm(this, monitor.id, {
        name: `${config.name}/monitor/${monitor.id}`,
        symptom: symptomOf(monitor),
        runbook: monitor.runbook ?? '#monitor-failed',
        // Every location writes 0 or 1 into this one metric: its sum over a slot is the number of votes.
        metric: monitorMetric(config, 'Failed', monitor, {
          statistic: 'Sum',
          period: Duration.millis(monitor.every),
        }),
        comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        threshold: monitor.quorum,
        failing: monitor.alert.failing,
        of: monitor.alert.of,
        missingData: {
          treatment: 'ignore',
          because: 'the monitor keeps its last state; a blind probe is an alarm of its own',
        },
        topic,
      }),
    );
  }
}

function symptomOf({ name, quorum, locations, alert }: Monitor): string {
  const voters = locations.length > 1 ? ` seen from ${quorum} of ${locations.length} locations` : '';
  return `${name} failed in ${alert.failing} of ${alert.of} checks${voters}.`;
}
