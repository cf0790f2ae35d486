import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '../incidents/incident.ts';
import type { Aws } from './environment.ts';

/** An alarm as CloudWatch has it now. */
export interface DescribedAlarm {
  name: string;
  arn: string;
  state: AlarmState;
  /** Why CloudWatch says so. */
  reason: string;
  description?: string;
  /** When the state began, epoch milliseconds. */
  since?: number;
  actionsEnabled: boolean;
}

/** Lists alarms whose names begin with a prefix, composite ones included: without their type they would be left out. */
export function alarmDescriber(aws: Aws): (prefix: string) => Promise<DescribedAlarm[]> {
  const { region, endpoint, ...credentials } = aws;
  const client = new CloudWatchClient({ region, credentials, ...(endpoint && { endpoint }) });
  return async (prefix) => {
    const found: DescribedAlarm[] = [];
    const pages = paginateDescribeAlarms(
      { client, pageSize: 100 },
      { AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
    );
    for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages)
      found.push(...[...MetricAlarms, ...CompositeAlarms].map(describedOf));
    return found;
  };
}

interface AnyAlarm {
  AlarmName?: string | undefined;
  AlarmArn?: string | undefined;
  AlarmDescription?: string | undefined;
  StateValue?: AlarmState | undefined;
  StateReason?: string | undefined;
  StateTransitionedTimestamp?: Date | undefined;
  ActionsEnabled?: boolean | undefined;
}

function describedOf(alarm: AnyAlarm): DescribedAlarm {
  return {
    name: alarm.AlarmName ?? '',
    arn: alarm.AlarmArn ?? '',
    state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
    reason: alarm.StateReason ?? '',
    ...(alarm.AlarmDescription && { description: alarm.AlarmDescription }),
    ...(alarm.StateTransitionedTimestamp && { since: alarm.StateTransitionedTimestamp.getTime() }),
    actionsEnabled: alarm.ActionsEnabled ?? true,
  };
}
