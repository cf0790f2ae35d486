import * as z from 'zod/mini';
import { policyDocument } from '../policy.ts';
import { resourceType } from './resource.ts';

export const snsTopicPolicy = resourceType(
  { PolicyDocument: policyDocument, Topics: z.array(z.string()) },
  ({ PolicyDocument, Topics }, { logicalId, world }) => {
    for (const topic of Topics) world.identities.setPolicy(topic, PolicyDocument);
    return { ref: logicalId };
  },
);
