import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { environment } from '../functions/probe/env.ts';
import type { Config, Location } from '../shared/config/config.ts';
import { secretPrefix, secretsIn } from '../shared/config/secret.ts';
import { monitorKinds } from '../shared/monitors/index.ts';
import { kindIn } from '../shared/monitors/kind.ts';
import { isConfirming, probedShardsOf, probeMemoryMb, type Shard } from '../shared/monitors/shards.ts';
import { longestRun } from '../shared/monitors/slots.ts';
import { pauseNotice } from '../shared/pauses/notice.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import { grantSecrets } from './secrets.ts';
import { systemName } from './system.ts';

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
  build: string;
  /** Locations whose probes are in this stack. */
  locations: readonly Location[];
  /** Region of the main stack, where queue and secrets are. */
  homeRegion: string;
  /** The queue of observations, which is there. */
  observationsUrl: string;
  /** Lets a probe send to it. */
  grantSend(probe: TocsinFunction): void;
  /** Name of a probe's role, where that must be known elsewhere. */
  roleName?(location: string): string;
}

/** One probe per location that checks anything. */
export class Probes extends Construct {
  readonly functions: TocsinFunction[];
  /** What they check on schedule. */
  readonly shards: Shard[];

  constructor(scope: Construct, id: string, props: ProbesProps) {
    super(scope, id);
    const all = Map.groupBy(probedShardsOf(props.config), ({ location }) => location);
    const places = props.locations.filter(({ id }) => all.has(id));
    this.shards = places.flatMap(({ id }) => all.get(id)!).filter(({ id }) => !isConfirming(id));
    this.functions = places.map((place) => this.probe(place, all.get(place.id)!, props));
  }

  /** ARN of the probe of a location of this stack. */
  readonly arnOf = (location: string): string =>
    this.functions.find(({ verb }) => verb === probeName(location))!.functionArn;

  private probe({ id, network }: Location, shards: Shard[], props: ProbesProps): TocsinFunction {
    const prefix = secretPrefix(props.config);
    const probe = new TocsinFunction<OwnVariables<typeof environment>>(this, id, {
      name: probeName(id),
      prefix: systemName(props.config),
      build: props.build,
      description: `Checks the monitors of location ${id}`,
      timeout: timeoutOf(shards),
      memorySize: probeMemoryMb(shards),
      scheduled: true,
      ...(network && { network }),
      ...(props.roleName && { roleName: props.roleName(id) }),
      environment: {
        LOCATION: id,
        HOME_REGION: props.homeRegion,
        REACH: network ? 'private' : 'public',
        OBSERVATIONS_QUEUE_URL: props.observationsUrl,
        SECRET_PREFIX: prefix,
      },
    });
    props.grantSend(probe);
    grantSecrets(probe, prefix, [...secretsIn(shards), pauseNotice], props.homeRegion);
    grantTargets(probe, shards);
    return probe;
  }
}

/** Lets a probe ask for those targets that know it by its role. */
function grantTargets(probe: TocsinFunction, shards: Shard[]): void {
  const monitors = shards.flatMap((shard) => shard.monitors);
  const grants = monitors.flatMap(
    ({ kind, settings }) => kindIn(monitorKinds, kind)?.grants?.(settings) ?? [],
  );
  for (const grant of grants) probe.addToRolePolicy(new PolicyStatement(grant));
}

const probeName = (location: string) => `probe-${location}` as const;

/** What the probe of a location is called, wherever it is. */
export const probeFunctionName = (config: Pick<Config, 'name'>, location: string) =>
  `${systemName(config)}-${probeName(location)}`;

/** Lets a function have the probes of these shards check now, wherever they are. */
export function grantRunProbes(asker: TocsinFunction, config: Config, shards: readonly Shard[]): void {
  const checking = new Set(shards.map(({ location }) => location));
  const places = config.locations.filter(({ id }) => checking.has(id));
  if (places.length === 0) return;
  const arns = places.map(({ id, region }) =>
    Stack.of(asker).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: probeFunctionName(config, id),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      ...(region && { region }),
    }),
  );
  asker.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: arns }));
}
