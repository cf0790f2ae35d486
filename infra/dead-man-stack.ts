import { Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Config } from '../shared/config/config.ts';
import { alarm } from './alarms/alarm.ts';
import { metric } from './metrics.ts';
import { selfTopic } from './self-contact.ts';
import { systemName } from './system.ts';

export interface DeadManStackProps {
  config: Config;
  /** AWS Region, another than the main stack's. */
  region: string;
}

/** Waits in a second Region for the heartbeat of the main stack, and mails and texts `selfContact` when it stops. */
export class DeadManStack extends Stack {
  constructor(scope: Construct, { config, region }: DeadManStackProps) {
    super(scope, `${systemName(config)}-dead-man`, {
      description: `Tells when all of ${config.name}'s monitoring is silent`,
      analyticsReporting: false,
      env: { region },
    });
    const topic = selfTopic(this, 'Self', undefined, config.selfContact);
    alarm(this, 'Heartbeat', {
      name: `${config.name}/self/dead-man`,
      symptom: `Tocsin in ${config.region} gives no sign of life: nobody would be told of anything.`,
      runbook: '#dead-man',
      metric: metric(config, 'Heartbeat', {}, { statistic: 'Sum', period: Duration.minutes(1) }),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      failing: 5,
      of: 5,
      missingData: { treatment: 'breaching', because: 'silence is what this alarm waits for' },
      topic,
    });
  }
}
