import {
  CloudWatchClient,
  type DescribeAlarmsCommandInput,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
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

/** Alarms whose names begin with a prefix (of one state, where it is given), or alarms of these names. */
export type AlarmQuery = { prefix: string; state?: AlarmState } | { names: string[] };

export type DescribeAlarms = (query: AlarmQuery) => Promise<DescribedAlarm[]>;

/** Alarms that one request is about: a page, or names. */
const pageSize = 100;

/** Lists alarms, composite ones included: without their type they would be left out. CloudWatch bills by the page. */
export function alarmDescriber(aws: Aws): DescribeAlarms {
  const client = clientOf(aws);
  return async (query) => {
    const found: DescribedAlarm[] = [];
    for (const asked of requestsOf(query)) {
      const input = { ...asked, AlarmTypes: [...alarmTypes] };
      for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms(
        { client, pageSize },
        input,
      ))
        found.push(...[...MetricAlarms, ...CompositeAlarms].map(describedOf));
    }
    return found;
  };
}

const alarmTypes = ['MetricAlarm', 'CompositeAlarm'] as const;

function requestsOf(query: AlarmQuery): DescribeAlarmsCommandInput[] {
  if ('prefix' in query)
    return [{ AlarmNamePrefix: query.prefix, ...(query.state && { StateValue: query.state }) }];
  const { names } = query;
  return Array.from({ length: Math.ceil(names.length / pageSize) }, (_, n) => ({
    AlarmNames: names.slice(n * pageSize, (n + 1) * pageSize),
  }));
}

/** Silences alarms and wakes them. */
export function alarmSwitch(aws: Aws) {
  const client = clientOf(aws);
  /** Sets an alarm to a state, until its metric says otherwise. */
  async function setState(name: string, state: 'OK' | 'ALARM', reason: string): Promise<void> {
    const input = { AlarmName: name, StateValue: state, StateReason: reason };
    await client.send(new SetAlarmStateCommand(input));
  }
  return {
    setState,

    /** Whether these alarms tell anybody of their changes. */
    async enableActions(names: readonly string[], enabled: boolean): Promise<void> {
      const Command = enabled ? EnableAlarmActionsCommand : DisableAlarmActionsCommand;
      for (let n = 0; n < names.length; n += pageSize)
        await client.send(new Command({ AlarmNames: names.slice(n, n + pageSize) }));
    },

    setOk: (name: string, reason: string) => setState(name, 'OK', reason),
  };
}

function clientOf({ region, endpoint, ...credentials }: Aws): CloudWatchClient {
  return new CloudWatchClient({ region, credentials, ...(endpoint && { endpoint }) });
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
