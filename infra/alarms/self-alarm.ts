import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Config } from '../../shared/config/config.ts';
import { type AlarmProps, alarm } from './alarm.ts';

/** Where alarms about ourselves go. */
export interface SelfTopics {
  /** `alarms` */
  topic: ITopic;
  /** `self`, which reaches people without any function of ours. */
  direct: ITopic;
}

/** What an alarm about ourselves is, apart from its name and its topics. */
export type SelfAlarm = Pick<AlarmProps, 'symptom' | 'runbook' | 'metric' | 'missingData'> &
  Partial<Pick<AlarmProps, 'comparison' | 'threshold' | 'failing' | 'of'>> & { id: string };

/** Makes an alarm about ourselves, which fires at the first period that counts anything unless it says otherwise. */
export function selfAlarm(
  scope: Construct,
  { name }: Pick<Config, 'name'>,
  topics: SelfTopics,
  { id, ...rest }: SelfAlarm,
): void {
  alarm(scope, id, {
    name: `${name}/self/${id}`,
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    failing: 1,
    of: 1,
    ...topics,
    ...rest,
  });
}
