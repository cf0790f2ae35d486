import * as z from 'zod/mini';
import { onAwsOnly, resourceType } from './resource.ts';

/** Services of AWS say nothing here: no event ever matches a rule about theirs. One about others would be missed, and is refused. */
export const eventsRule = resourceType(
  {
    Name: z.string(),
    Description: onAwsOnly,
    EventPattern: z.strictObject({
      source: z.array(z.string().check(z.startsWith('aws.', 'only events of AWS services'))),
      'detail-type': z.array(z.string()),
    }),
    Targets: z.array(z.strictObject({ Id: z.string(), Arn: z.string() })),
    State: z.optional(z.literal('ENABLED')),
  },
  ({ Name }, { arn }) => ({ ref: Name, attributes: { Arn: arn('events', `rule/${Name}`) } }),
);
