import * as z from 'zod/mini';
import { policyDocument } from '../policy.ts';
import { resourceType } from './resource.ts';

export const sqsQueuePolicy = resourceType(
  { PolicyDocument: policyDocument, Queues: z.array(z.string()) },
  ({ PolicyDocument, Queues }, { logicalId, arn, world }) => {
    for (const url of Queues)
      world.identities.setPolicy(arn('sqs', url.split('/').at(-1) ?? ''), PolicyDocument);
    return { ref: logicalId };
  },
);
