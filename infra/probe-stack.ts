import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config, Location } from '../shared/config/config.ts';
import { probedShardsOf } from '../shared/monitors/shards.ts';
import { functionPrefix, Probes, probeFunctionName } from './probes.ts';
import { isAtHome } from './regions.ts';
import { Schedules, scheduleShards } from './schedules.ts';
import { systemName } from './system.ts';

export interface ProbeStackProps {
  config: Config;
  build: string;
  /** AWS Region, another than the main stack's. */
  region: string;
  /** Those in this Region. */
  locations: readonly Location[];
}

/**
 * The probes of another Region. They report to the main stack's queue, which they know by its name, and hold nothing themselves:
 * no key, no queue, no alarm. That one of them is silent, the alarms at home see.
 */
export class ProbeStack extends Stack {
  constructor(scope: Construct, { config, build, region, locations }: ProbeStackProps) {
    const system = systemName(config);
    super(scope, `${system}-${region}`, {
      description: `Checks what ${config.name} runs from ${region}`,
      analyticsReporting: false,
      env: { region },
    });
    // The schema asks for the Region of the stack where a location is in another.
    const homeRegion = config.region!;
    const queue = `${system}-observations`;
    const queueArn = this.formatArn({ service: 'sqs', region: homeRegion, resource: queue });
    const probes = new Probes(this, 'Probes', {
      config,
      build,
      locations,
      homeRegion,
      observationsUrl: `https://sqs.${homeRegion}.${this.urlSuffix}/${this.account}/${queue}`,
      grantSend: (probe) =>
        probe.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] })),
      roleName: (probe) => functionPrefix(config) + probe,
    });
    scheduleShards(new Schedules(this, 'Schedules'), probes.shards, probes.arnOf);
  }
}

/** Roles of the probes in other Regions: the key at home must know them. */
export function awayRoleNames(config: Config): string[] {
  const away = probedShardsOf(config).filter(({ location }) => !isAtHome(config, location));
  return [...new Set(away.map((shard) => probeFunctionName(config, shard)))];
}
