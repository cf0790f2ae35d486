import * as z from 'zod/mini';
import { startEventSource } from '../event-source.ts';
import { onAwsOnly, optionalNumber, resourceType } from './resource.ts';

/** What Lambda's pollers do in the name of the function. */
const pollerActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** The default of Lambda for queues. */
const defaultBatchSize = 10;

export const lambdaEventSourceMapping = resourceType(
  {
    EventSourceArn: z.string().check(z.regex(/^arn:aws:sqs:/, 'only SQS queues feed functions locally')),
    FunctionName: z.string(),
    BatchSize: optionalNumber,
    MaximumBatchingWindowInSeconds: optionalNumber,
    FunctionResponseTypes: z.optional(z.array(z.literal('ReportBatchItemFailures'))),
    ScalingConfig: z.optional(z.strictObject({ MaximumConcurrency: z.int().check(z.minimum(2)) })),
    Enabled: z.optional(z.literal(true)),
    Tags: onAwsOnly,
  },
  (properties, { logicalId, world }) => {
    const { EventSourceArn: queueArn, FunctionName: target } = properties;
    const start = () => {
      const { name } = world.lambda.get(target);
      for (const action of pollerActions) {
        const attempt = { action, resource: queueArn };
        const refused = world.identities.roleRefusal(world.roles.get(name) ?? '', attempt);
        if (refused) throw new Error(refused);
      }
      const source = {
        queueArn,
        region: world.runtime.region,
        batchSize: properties.BatchSize ?? defaultBatchSize,
        windowMs: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
        reportsFailures: properties.FunctionResponseTypes !== undefined,
        maxConcurrency: properties.ScalingConfig?.MaximumConcurrency,
        invoke: (event: unknown) => world.lambda.invoke(target, event),
      };
      startEventSource(source, world.sqs.queues, world.runtime.clock);
    };
    return { ref: logicalId, attributes: { Id: logicalId }, start };
  },
);
