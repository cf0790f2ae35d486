import * as z from 'zod/mini';
import { resourceType } from './resource.ts';

export const kmsAlias = resourceType(
  { AliasName: z.string(), TargetKeyId: z.string() },
  ({ AliasName, TargetKeyId }, { arn, world }) => {
    for (const alias of [AliasName, arn('kms', AliasName)]) world.identities.addAlias(alias, TargetKeyId);
    return { ref: AliasName };
  },
);
