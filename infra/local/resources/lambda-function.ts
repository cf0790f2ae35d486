import * as z from 'zod/mini';
import { onAwsOnly, optionalNumber, optionalText, resourceType } from './resource.ts';

export const lambdaFunction = resourceType(
  {
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string(),
    Runtime: z.literal('nodejs24.x'),
    Role: z.string(),
    FunctionName: optionalText,
    Timeout: optionalNumber,
    MemorySize: optionalNumber,
    Environment: z.optional(z.strictObject({ Variables: z.record(z.string(), z.string()) })),
    ReservedConcurrentExecutions: optionalNumber,
    // JSON format would hide metric documents from CloudWatch, which reads the text as it is written.
    LoggingConfig: z.optional(
      z.strictObject({ LogGroup: optionalText, LogFormat: z.optional(z.literal('Text')) }),
    ),
    // This machine stands in for the network.
    VpcConfig: z.optional(
      z.strictObject({ SubnetIds: z.array(z.string()), SecurityGroupIds: z.array(z.string()) }),
    ),
    Architectures: onAwsOnly,
    EphemeralStorage: onAwsOnly,
    Description: onAwsOnly,
    Tags: onAwsOnly,
  },
  (properties, { named, arn, region, world }) => {
    const name = named(properties.FunctionName);
    const functionArn = arn('lambda', `function:${name}`);
    const logGroup = properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
    const codeDirectory = world.asset(properties.Code.S3Key);
    const memoryMb = properties.MemorySize ?? 128;
    world.roles.set(name, properties.Role);
    world.lambda.define({
      name,
      arn: functionArn,
      codeDirectory,
      handler: properties.Handler,
      timeoutMs: (properties.Timeout ?? 3) * 1_000,
      memoryMb,
      logGroup,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
      environment: {
        ...properties.Environment?.Variables,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        // The key id tells the AWS endpoint who calls.
        AWS_ACCESS_KEY_ID: name,
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_SESSION_TOKEN: 'local',
        AWS_ENDPOINT_URL: world.endpoint,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
        AWS_LAMBDA_LOG_STREAM_NAME: 'local',
        LAMBDA_TASK_ROOT: codeDirectory,
        TOCSIN_LOCAL: world.url,
        ...(world.chromium && { TOCSIN_CHROMIUM: world.chromium }),
      },
    });
    return { ref: name, attributes: { Arn: functionArn } };
  },
);
