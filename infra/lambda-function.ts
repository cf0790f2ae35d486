import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionName } from './bundles.ts';

/** What a function's schema of its environment asks for, optional or not, without what Lambda and the local runtime set. */
export type OwnVariables<Schema extends { _zod: { output: unknown } }> = {
  [Key in keyof Schema['_zod']['output'] as Key extends `AWS_${string}` | 'LAMBDA_TASK_ROOT' | 'TOCSIN_LOCAL'
    ? never
    : Key]-?: string;
};

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
    const { stackName } = Stack.of(scope);
    const logGroup = functionLog(scope, `${id}Log`, `/${stackName}/${props.name}`);
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      functionName: `${stackName}-${props.name}`,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
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
  }
}

function functionLog(scope: Construct, id: string, logGroupName: string): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName,
    retention: RetentionDays.TWO_WEEKS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
