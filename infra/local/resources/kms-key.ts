import * as z from 'zod/mini';
import { policyDocument } from '../policy.ts';
import { onAwsOnly, resourceType } from './resource.ts';

/** Nothing is encrypted locally; who may use the key is checked all the same. */
export const kmsKey = resourceType(
  {
    KeyPolicy: policyDocument,
    Enabled: z.optional(z.literal(true)),
    Description: onAwsOnly,
    EnableKeyRotation: onAwsOnly,
    RotationPeriodInDays: onAwsOnly,
    PendingWindowInDays: onAwsOnly,
    Tags: onAwsOnly,
  },
  ({ KeyPolicy }, { logicalId, arn, world }) => {
    const key = { id: logicalId, arn: arn('kms', `key/${logicalId}`) };
    world.identities.addKey(key);
    world.identities.setPolicy(key.arn, KeyPolicy);
    return { ref: key.id, attributes: { Arn: key.arn, KeyId: key.id } };
  },
);
