import * as z from 'zod/mini';
import { onAwsOnly, resourceType } from './resource.ts';

/** One person on loopback is not throttled. */
export const httpApiStage = resourceType(
  {
    ApiId: z.string(),
    StageName: z.literal('$default'),
    AutoDeploy: z.literal(true),
    DefaultRouteSettings: onAwsOnly,
    RouteSettings: onAwsOnly,
    AccessLogSettings: onAwsOnly,
    Description: onAwsOnly,
    Tags: onAwsOnly,
  },
  ({ StageName }, { logicalId }) => ({ ref: StageName, attributes: { Id: logicalId } }),
);
