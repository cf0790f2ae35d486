import { join } from 'node:path';
import { Duration, RemovalPolicy, Size, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Location } from '../shared/config/config.ts';
import { browserStorageMb } from '../shared/monitors/shards.ts';
import type { FunctionName } from './bundles.ts';

/** What a function's schema of its environment asks for, optional or not, without what Lambda and the local runtime set. */
export type OwnVariables<Schema extends { _zod: { output: unknown } }> = {
  [Key in keyof Schema['_zod']['output'] as Key extends
    | `AWS_${string}`
    | 'LAMBDA_TASK_ROOT'
    | `TOCSIN_${string}`
    ? never
    : Key]-?: string;
};

/** Subnets and security groups of one network. */
export type NetworkPlace = Pick<NonNullable<Location['network']>, 'subnets' | 'securityGroups'>;

export interface TocsinFunctionProps<Variables extends Record<string, string>> {
  /** Names its asset and, after the stack's name, the function. */
  name: FunctionName;
  /** Directory with the assets of all functions, as `bundle` wrote it. */
  build: string;
  description: string;
  timeout: Duration;
  /** Megabytes; also its share of a CPU. Default 256. */
  memorySize?: number;
  environment: Variables;
  /** The network it is placed in. Default: none of the team's. */
  network?: NetworkPlace;
  /** Begins the names of function and log. Default: the stack's name. */
  prefix?: string;
  /** Needs a browser, which is there for this processor only, and room on the disk to unpack it. Default: arm64, 512 MB. */
  hasBrowser?: boolean;
  /** Given a name only where a policy in another Region must know it. */
  roleName?: string;
  /** Runs on a schedule: a late or failed run is not repeated, the next one is due. */
  scheduled?: boolean;
}

/**
 * A function of ours: runtime, processor, logs and role are decided here for all. Its role may write its own log and nothing
 * else until something is granted. `Variables` come from the schema in its `env.ts`.
 */
export class TocsinFunction<
  Variables extends Record<string, string> = Record<string, string>,
> extends LambdaFunction {
  /** What it is called within the stack. */
  readonly verb: FunctionName;

  constructor(scope: Construct, id: string, props: TocsinFunctionProps<Variables>) {
    const { prefix = Stack.of(scope).stackName, roleName, network } = props;
    const logGroup = functionLog(scope, `${id}Log`, `/${prefix}/${props.name}`);
    const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
    const role = new Role(scope, `${id}Role`, { assumedBy, ...(roleName && { roleName }) });
    if (network) letRunInNetwork(role, functionArn(scope, `${prefix}-${props.name}`));
    logGroup.grantWrite(role);
    super(scope, id, {
      functionName: `${prefix}-${props.name}`,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: props.hasBrowser ? Architecture.X86_64 : Architecture.ARM_64,
      ...(props.hasBrowser && { ephemeralStorageSize: Size.mebibytes(browserStorageMb) }),
      code: Code.fromAsset(join(props.build, props.name)),
      handler: 'index.handler',
      timeout: props.timeout,
      memorySize: props.memorySize ?? 256,
      environment: props.environment,
      role,
      logGroup,
      // JSON format would wrap the metric documents written to stdout, and CloudWatch would no longer see them as metrics.
      loggingFormat: LoggingFormat.TEXT,
      ...(props.scheduled && { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
    });
    this.verb = props.name;
    // Not by a VPC construct, which would look the network up in the account.
    if (network)
      (this.node.defaultChild as CfnFunction).vpcConfig = {
        subnetIds: network.subnets,
        securityGroupIds: network.securityGroups,
      };
  }
}

const functionArn = (scope: Construct, name: string) =>
  Stack.of(scope).formatArn({ service: 'lambda', resource: `function:${name}` });

/** Lambda places a function into a network with the function's role, and asks for these on all resources. */
const placing = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lets Lambda place a function into a network, and not the function's own code.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
function letRunInNetwork(role: Role, self: string): void {
  role.addToPolicy(new PolicyStatement({ actions: placing, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: placing,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': self } },
    }),
  );
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'Lambda asks for them on all resources, before there is an interface; the code itself is denied them',
  });
}

function functionLog(scope: Construct, id: string, logGroupName: string): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName,
    retention: RetentionDays.TWO_WEEKS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
