import { Duration, Stack } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { environment } from '../functions/probe/env.ts';
import type { Config } from '../shared/config/config.ts';
import { secretPrefix, secretsIn } from '../shared/config/secret.ts';
import { probeMemoryMb, type Shard, shardsOf } from '../shared/monitors/shards.ts';
import { longestRun } from '../shared/monitors/slots.ts';
import { grantSend } from './encryption.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import { type Schedules, scheduledTime } from './schedules.ts';
import { grantSecrets } from './secrets.ts';

const minute = 60_000;

/** For what comes before and after the checks: a cold start, secrets, sending. */
const marginMs = 15_000;

function timeoutOf(shards: Shard[]): Duration {
  const longest = shards.map(({ every, monitors }) =>
    longestRun(
      every,
      monitors.map(({ timeout }) => timeout),
    ),
  );
  return Duration.seconds(Math.ceil((Math.max(...longest) + marginMs) / 1_000));
}

export interface ProbesProps {
  config: Config;
  key: Key;
  build: string;
  schedules: Schedules;
  /** The home Region's queue of observations. */
  observations: IQueue;
}

/** One probe per location that checks anything, invoked for each of its shards. */
export class Probes extends Construct {
  readonly functions: TocsinFunction[];

  constructor(scope: Construct, id: string, props: ProbesProps) {
    super(scope, id);
    const byLocation = Map.groupBy(shardsOf(props.config), ({ location }) => location);
    this.functions = [...byLocation].map(([location, shards]) => this.probe(location, shards, props));
  }

  private probe(location: string, shards: Shard[], props: ProbesProps): TocsinFunction {
    const prefix = secretPrefix(props.config);
    const probe = new TocsinFunction<OwnVariables<typeof environment>>(this, location, {
      name: `probe-${location}`,
      build: props.build,
      description: `Checks the monitors of location ${location}`,
      timeout: timeoutOf(shards),
      memorySize: probeMemoryMb(shards),
      scheduled: true,
      environment: {
        LOCATION: location,
        HOME_REGION: Stack.of(this).region,
        REACH: 'public',
        OBSERVATIONS_QUEUE_URL: props.observations.queueUrl,
        SECRET_PREFIX: prefix,
      },
    });
    props.observations.grant(probe, 'sqs:SendMessage');
    grantSend(props.key, probe);
    grantSecrets(probe, prefix, secretsIn(shards));
    for (const shard of shards) {
      props.schedules.add({
        name: `probe-${location}-${shard.id}`,
        every: Math.max(minute, shard.every),
        target: probe,
        input: { shard: shard.id, time: scheduledTime },
      });
    }
    return probe;
  }
}
