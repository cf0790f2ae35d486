import * as z from 'zod/mini';
import { optionalFlag, optionalText, resourceType } from './resource.ts';

export const snsSubscription = resourceType(
  {
    TopicArn: z.string(),
    Protocol: z.string(),
    Endpoint: z.string(),
    FilterPolicy: z.optional(z.unknown()),
    FilterPolicyScope: z.optional(z.enum(['MessageAttributes', 'MessageBody'])),
    RawMessageDelivery: optionalFlag,
    Region: optionalText,
  },
  (properties, { world }) => ({
    ref: world.sns.subscribe({
      topicArn: properties.TopicArn,
      protocol: properties.Protocol,
      endpoint: properties.Endpoint,
      filterPolicy: properties.FilterPolicy,
      filterPolicyScope: properties.FilterPolicyScope,
      rawMessageDelivery: properties.RawMessageDelivery,
    }),
  }),
);
