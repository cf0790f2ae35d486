import * as z from 'zod/mini';
import { optionalNumber, resourceType } from './resource.ts';

const defaults = { retries: 2, maxAgeSeconds: 6 * 3_600 };

export const lambdaEventInvokeConfig = resourceType(
  {
    FunctionName: z.string(),
    Qualifier: z.literal('$LATEST'),
    MaximumRetryAttempts: optionalNumber,
    MaximumEventAgeInSeconds: optionalNumber,
    DestinationConfig: z.optional(
      z.strictObject({
        OnFailure: z.strictObject({
          Destination: z.string().check(z.regex(/^arn:aws:sqs:/, 'only a queue can be told locally')),
        }),
      }),
    ),
  },
  (properties, { logicalId, world }) => {
    const queue = properties.DestinationConfig?.OnFailure.Destination;
    world.lambda.configureAsync(properties.FunctionName, {
      retries: properties.MaximumRetryAttempts ?? defaults.retries,
      maxAgeMs: (properties.MaximumEventAgeInSeconds ?? defaults.maxAgeSeconds) * 1_000,
      giveUp: (event, outcome) => {
        const body = JSON.stringify({
          version: '1.0',
          timestamp: new Date(world.runtime.clock.now()).toISOString(),
          requestContext: {
            functionArn: world.lambda.get(properties.FunctionName).arn,
            condition: 'RetriesExhausted',
          },
          requestPayload: event,
          responsePayload: outcome.ok ? outcome.payload : outcome.error,
        });
        if (queue) world.sqs.queues.send(queue, { body });
      },
    });
    return { ref: logicalId };
  },
);
