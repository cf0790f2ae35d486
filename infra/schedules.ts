import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Shard } from '../shared/monitors/shards.ts';

/** EventBridge Scheduler puts the time the run was due in its place. */
export const scheduledTime = '<aws.scheduler.scheduled-time>';

export interface Timetable {
  /** Unique in the stack; at most 64 characters. */
  name: string;
  /** Milliseconds between two runs: whole minutes. */
  every: number;
  /** ARN of the function. */
  target: string;
  /** What the function receives; `scheduledTime` in a value stands for the time the run was due. */
  input: Record<string, string>;
}

/** The schedules of a stack: a group of their own, and one role that may invoke what they name and nothing else. */
export class Schedules extends Construct {
  private readonly group: CfnScheduleGroup;
  private readonly role: Role;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    this.group = new CfnScheduleGroup(this, 'Group', { name: stack.stackName });
    const groupArn = stack.formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: stack.stackName,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnEquals: { 'aws:SourceArn': groupArn },
        },
      }),
    });
  }

  /** Invokes a function regularly. A run that could not be started within a minute is dropped: the next one is due. */
  add({ name, every, target, input }: Timetable): void {
    // Not `grantInvoke`, which also grants all versions by a wildcard.
    this.role.addToPolicy(invoking(target));
    const schedule = new CfnSchedule(this, name, {
      name,
      groupName: this.group.ref,
      scheduleExpression: rate(every / 60_000),
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target,
        roleArn: this.role.roleArn,
        input: JSON.stringify(input),
        // The default of 185 retries over a day would run stale checks.
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    schedule.node.addDependency(this.role);
  }
}

const invoking = (target: string) =>
  new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target] });

/** Invokes the probes once a minute for each of these shards, or as often as its monitors are due. */
export function scheduleShards(
  schedules: Schedules,
  shards: readonly Shard[],
  probeArn: (shard: Shard) => string,
): void {
  for (const shard of shards) {
    const { location, id, every } = shard;
    schedules.add({
      name: `probe-${location}-${id}`,
      every: Math.max(60_000, every),
      target: probeArn(shard),
      input: { shard: id, time: scheduledTime },
    });
  }
}

const rate = (minutes: number) => (minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`);
