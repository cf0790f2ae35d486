import * as z from 'zod/mini';
import { onAwsOnly, optionalText, resourceType } from './resource.ts';

export const snsTopic = resourceType(
  {
    TopicName: optionalText,
    DisplayName: optionalText,
    FifoTopic: z.optional(z.literal(false)),
    KmsMasterKeyId: optionalText,
    Tags: onAwsOnly,
  },
  ({ TopicName, DisplayName, KmsMasterKeyId: key }, { named, world }) => {
    const name = named(TopicName);
    const arn = world.sns.createTopic(name, DisplayName);
    if (key) world.identities.encrypt(arn, key);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
);
