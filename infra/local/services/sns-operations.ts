import * as z from 'zod/mini';
import { type Answer, ServiceError } from '../service.ts';
import { type Operation, operation } from './operations.ts';
import type { Sns } from './sns.ts';
import type { Publication } from './sns-message.ts';
import { flag } from './wire.ts';

const messageAttributes = z.optional(
  z.record(
    z.string(),
    z.strictObject({
      DataType: z.string(),
      StringValue: z.optional(z.string()),
      BinaryValue: z.optional(z.string()),
    }),
  ),
);
const message = {
  Message: z.string(),
  MessageStructure: z.optional(z.literal('json')),
  Subject: z.optional(z.string()),
  MessageAttributes: messageAttributes,
  /** Of FIFO topics, which only the account has. */
  MessageGroupId: z.optional(z.string()),
  MessageDeduplicationId: z.optional(z.string()),
};
type Message = z.infer<z.ZodMiniObject<typeof message>>;

/** Publish and PublishBatch. */
export function publishOperations(publish: Sns['publish']): Record<string, Operation> {
  const publicationOf = (input: Message): Publication => ({
    message: input.Message,
    structure: input.MessageStructure,
    subject: input.Subject,
    attributes: input.MessageAttributes,
  });
  const entries = z
    .array(z.strictObject({ Id: z.string(), ...message }))
    .check(z.minLength(1), z.maxLength(10));
  return {
    Publish: operation(
      { TopicArn: z.optional(z.string()), TargetArn: z.optional(z.string()), ...message },
      ({ TopicArn, TargetArn, ...input }) => {
        const topic = TopicArn ?? TargetArn;
        if (!topic) throw new ServiceError('InvalidParameter', 'TopicArn: is missing');
        if (input.MessageGroupId !== undefined && !topic.endsWith('.fifo'))
          throw new ServiceError('InvalidParameter', 'MessageGroupId is not valid for this topic type');
        return { MessageId: publish(topic, publicationOf(input)).messageId };
      },
    ),
    PublishBatch: operation({ TopicArn: z.string(), PublishBatchRequestEntries: entries }, (input) => {
      const Successful: Answer[] = [];
      const Failed: Answer[] = [];
      for (const { Id, ...entry } of input.PublishBatchRequestEntries) {
        try {
          Successful.push({ Id, MessageId: publish(input.TopicArn, publicationOf(entry)).messageId });
        } catch (error) {
          if (!(error instanceof ServiceError) || error.code === 'NotFound') throw error;
          Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
        }
      }
      return { Successful, Failed };
    }),
  };
}

/** Subscribe and Unsubscribe. */
export function subscriptionOperations(topic: {
  subscribe: Sns['subscribe'];
  unsubscribe(arn: string): void;
}): Record<string, Operation> {
  const attributes = z.strictObject({
    FilterPolicy: z.optional(z.string()),
    FilterPolicyScope: z.optional(z.enum(['MessageAttributes', 'MessageBody'])),
    RawMessageDelivery: z.optional(z.enum(['true', 'false'])),
  });
  return {
    Subscribe: operation(
      {
        TopicArn: z.string(),
        Protocol: z.string(),
        Endpoint: z.string(),
        Attributes: z.optional(attributes),
        ReturnSubscriptionArn: z.optional(flag()),
      },
      ({ TopicArn, Protocol, Endpoint, Attributes }) => ({
        SubscriptionArn: topic.subscribe({
          topicArn: TopicArn,
          protocol: Protocol,
          endpoint: Endpoint,
          filterPolicy: Attributes?.FilterPolicy,
          filterPolicyScope: Attributes?.FilterPolicyScope,
          rawMessageDelivery: Attributes?.RawMessageDelivery === 'true',
        }),
      }),
    ),
    Unsubscribe: operation({ SubscriptionArn: z.string() }, ({ SubscriptionArn }) => {
      topic.unsubscribe(SubscriptionArn);
      return {};
    }),
  };
}
