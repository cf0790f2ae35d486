import * as z from 'zod/mini';
import { onAwsOnly, resourceType } from './resource.ts';

/** The HTTP API answers on the runtime's own port. */
export const httpApi = resourceType(
  {
    Name: z.string(),
    ProtocolType: z.literal('HTTP'),
    Description: onAwsOnly,
    Tags: onAwsOnly,
  },
  (_, { logicalId, world }) => ({
    ref: logicalId,
    attributes: { ApiId: logicalId, ApiEndpoint: world.url },
  }),
);
