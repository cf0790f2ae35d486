import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { environment } from '../functions/probe/env.ts';
import type { Config, Location } from '../shared/config/config.ts';
import { secretPrefix, secretsIn } from '../shared/config/secret.ts';
import { monitorKinds } from '../shared/monitors/index.ts';
import { kindIn } from '../shared/monitors/kind.ts';
import {
  isConfirming,
  type ProbeType,
  probedShardsOf,
  probeMemoryMb,
  probeNameOfShard,
  probeTypeOf,
  type Shard,
} from '../shared/monitors/shards.ts';
import { longestRun } from '../shared/monitors/slots.ts';
import { pauseNotice } from '../shared/pauses/notice.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import { grantSecrets } from './secrets.ts';
import { systemName } from './system.ts';

/** For what comes before and after the checks: a cold start, secrets, sending; and to unpack, start and end a browser, twice. */
const marginMs = { probe: 15_000, browser: 75_000, script: 75_000 } satisfies Record<ProbeType, number>;

/** What all shards of a probe need. */
const typeOf = ([shard]: Shard[]): ProbeType => probeTypeOf(shard!.monitors[0]!);

function timeoutOf(shards: Shard[]): Duration {
  const longest = shards.map(({ every, monitors }) =>
    longestRun(
      every,
      monitors.map(({ timeout }) => timeout),
    ),
  );
  return Duration.seconds(Math.ceil((Math.max(...longest) + marginMs[typeOf(shards)]) / 1_000));
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
  roleName?(probe: string): string;
}

/** One probe per location that checks anything; a second one for browsers, and a third for scripts, where there are any. */
export class Probes extends Construct {
  readonly functions: TocsinFunction[];
  /** What they check on schedule. */
  readonly shards: Shard[];

  constructor(scope: Construct, id: string, props: ProbesProps) {
    super(scope, id);
    const all = probedShardsOf(props.config);
    const here = props.locations.flatMap((place) => {
      const shards = all.filter(({ location }) => location === place.id);
      return [...Map.groupBy(shards, probeNameOfShard).values()].map((own) => ({ place, shards: own }));
    });
    this.shards = here.flatMap(({ shards }) => shards).filter(({ id }) => !isConfirming(id));
    this.functions = here.map(({ place, shards }) => this.probe(place, shards, props));
  }

  /** ARN of the probe that checks a shard of this stack. */
  readonly arnOf = (shard: Shard): string =>
    this.functions.find(({ verb }) => verb === probeNameOfShard(shard))!.functionArn;

  private probe({ id, network }: Location, shards: Shard[], props: ProbesProps): TocsinFunction {
    const prefix = secretPrefix(props.config);
    const type = typeOf(shards);
    const name = probeNameOfShard(shards[0]!);
    // Locations are in lower case: this is none.
    const constructId = type === 'probe' ? id : `${id}-${type.toUpperCase()}`;
    const probe = new TocsinFunction<OwnVariables<typeof environment>>(this, constructId, {
      name,
      prefix: systemName(props.config),
      build: props.build,
      description: `Checks the ${checkedBy[type]} of location ${id}`,
      timeout: timeoutOf(shards),
      memorySize: probeMemoryMb(shards),
      scheduled: true,
      hasBrowser: type !== 'probe',
      ...(network && { network }),
      ...(props.roleName && { roleName: props.roleName(name) }),
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

const checkedBy: Record<ProbeType, string> = { probe: 'monitors', browser: 'pages', script: 'scripts' };

/** What the names of all functions begin with, in whatever stack they are. */
export const functionPrefix = (config: Pick<Config, 'name'>) => `${systemName(config)}-`;

/** What the probe of a shard is called, wherever it is. */
export const probeFunctionName = (
  config: Pick<Config, 'name'>,
  shard: Pick<Shard, 'location' | 'monitors'>,
) => functionPrefix(config) + probeNameOfShard(shard);

/** Lets a function have the probes of these shards check now, wherever they are. */
export function grantRunProbes(asker: TocsinFunction, config: Config, shards: readonly Shard[]): void {
  const arns = config.locations.flatMap(({ id, region }) => {
    const own = shards.filter(({ location }) => location === id);
    const names = new Set(own.map((shard) => probeFunctionName(config, shard)));
    return [...names].map((resourceName) =>
      Stack.of(asker).formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        ...(region && { region }),
      }),
    );
  });
  if (arns.length === 0) return;
  asker.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: arns }));
}
