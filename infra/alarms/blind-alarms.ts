import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Config } from '../../shared/config/config.ts';
import type { Shard } from '../../shared/monitors/shards.ts';
import { metric } from '../metrics.ts';
import { type SelfTopics, selfAlarm } from './self-alarm.ts';

export interface BlindAlarmsProps extends SelfTopics {
  config: Config;
  shards: Shard[];
}

/** Per location and shard: fewer of its monitors than there are have an outcome that is known and fresh. */
export class BlindAlarms extends Construct {
  constructor(scope: Construct, id: string, { config, shards, ...topics }: BlindAlarmsProps) {
    super(scope, id);
    for (const { id, location, every, monitors } of shards)
      selfAlarm(this, config, topics, {
        id: `blind-${location}-${id}`,
        symptom: `Location ${location} cannot tell the state of some or all of these monitors: ${monitors.map((m) => m.id).join(', ')}.`,
        runbook: '#blind',
        metric: metric(
          config,
          'Observed',
          { Location: location, Shard: id },
          { statistic: 'Maximum', period: Duration.millis(Math.max(60_000, every)) },
        ),
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: monitors.length,
        failing: 3,
        of: 5,
        missingData: { treatment: 'breaching', because: 'a probe that is silent is blind' },
      });
  }
}
