import { Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Config } from '../shared/config/config.ts';
import { observedShardsOf, pingLocation } from '../shared/heartbeats/shards.ts';
import type { Shard } from '../shared/monitors/shards.ts';
import { BlindAlarms } from './alarms/blind-alarms.ts';
import { MonitorAlarms } from './alarms/monitor-alarms.ts';
import { bucketOfMonitor, bucketOfShard, maxAlarms, moreStacks } from './buckets.ts';
import { probeFunctionName } from './probes.ts';
import { isAtHome } from './regions.ts';
import { Schedules, scheduleShards } from './schedules.ts';
import { systemName } from './system.ts';

export interface MonitorsStackProps {
  config: Config;
  /** From 0. */
  bucket: number;
}

/**
 * One of several stacks that share the alarms of monitors and shards, and the schedules of shards, where one cannot hold them.
 * What is in the main stack it knows by name: a reference would forbid that stack to change what is referred to.
 */
export class MonitorsStack extends Stack {
  constructor(scope: Construct, { config, bucket }: MonitorsStackProps) {
    const system = systemName(config);
    super(scope, `${system}-monitors-${bucket}`, {
      description: `Alarms and schedules of ${config.name}, ${bucket + 1} of ${config.stacks}`,
      analyticsReporting: false,
      ...(config.region && { env: { region: config.region } }),
    });
    const named = (service: string, resource: string) => this.formatArn({ service, resource });
    const topic = Topic.fromTopicArn(this, 'Alarms', named('sns', `${system}-alarms`));
    const direct = Topic.fromTopicArn(this, 'Self', named('sns', `${system}-self`));
    const monitors = config.monitors.filter((monitor) => bucketOfMonitor(monitor, config.stacks) === bucket);
    const shards = observedShardsOf(config).filter((shard) => bucketOfShard(shard, config.stacks) === bucket);
    new MonitorAlarms(this, 'MonitorAlarms', { config, monitors, topic });
    new BlindAlarms(this, 'BlindAlarms', { config, shards, topic, direct });
    const own = shards.filter(({ location }) => location !== pingLocation && isAtHome(config, location));
    const probeArn = (shard: Shard) => named('lambda', `function:${probeFunctionName(config, shard)}`);
    if (own.length > 0) scheduleShards(new Schedules(this, 'Schedules'), own, probeArn);
    this.node.addValidation({ validate: () => this.overfull(config) });
  }

  private overfull(config: Config): string[] {
    const alarms = this.node.findAll().filter((node) => node instanceof CfnAlarm).length;
    if (alarms <= maxAlarms) return [];
    return [
      `${config.monitors.length} monitors in ${config.stacks} stacks: ${this.stackName} has ${alarms} alarms and takes ${maxAlarms}: ${moreStacks(config)}`,
    ];
  }
}
