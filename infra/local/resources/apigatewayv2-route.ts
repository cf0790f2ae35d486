import * as z from 'zod/mini';
import { resourceType } from './resource.ts';

const gateway = 'apigateway.amazonaws.com';

export const httpApiRoute = resourceType(
  {
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string().check(z.regex(/^integrations\//)),
    AuthorizationType: z.optional(z.literal('NONE')),
  },
  ({ RouteKey, Target }, { logicalId, world }) => {
    const start = () => {
      const target = world.integrations.get(Target.replace('integrations/', '')) ?? '';
      const { arn } = world.lambda.get(target);
      if (!world.identities.mayInvoke(gateway, arn))
        throw new Error(`no AWS::Lambda::Permission lets ${gateway} invoke ${arn}`);
      world.httpApi.addRoute({ key: RouteKey, invoke: (event) => world.lambda.invoke(arn, event) });
    };
    return { ref: logicalId, start };
  },
);
