import * as z from 'zod/mini';
import { onAwsOnly, resourceType } from './resource.ts';

export const lambdaPermission = resourceType(
  {
    Action: z.literal('lambda:InvokeFunction'),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: onAwsOnly,
    SourceAccount: onAwsOnly,
  },
  ({ FunctionName, Principal }, { logicalId, world }) => {
    world.identities.permit(world.lambda.get(FunctionName).arn, Principal);
    return { ref: logicalId };
  },
);
