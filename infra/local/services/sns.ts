import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type Answer, type Runtime, type Service, ServiceError } from '../service.ts';
import { type Filter, offeredByAttribute, offeredByBody, parseFilterPolicy } from './filter-policy.ts';
import type { Measurement } from './metric-store.ts';
import { type Operation, operation, serviceOf } from './operations.ts';
import type { Outbox } from './outbox.ts';
import type { MessageAttribute } from './queues.ts';
import {
  envelope,
  lambdaEvent,
  type Notification,
  notificationOf,
  type Protocol,
  type Publication,
  protocols,
} from './sns-message.ts';

/** What a subscription is made of, as in AWS::SNS::Subscription. */
export interface SubscriptionSettings {
  topicArn: string;
  protocol: string;
  endpoint: string;
  /** JSON or the object itself. */
  filterPolicy?: unknown;
  filterPolicyScope?: 'MessageAttributes' | 'MessageBody' | undefined;
  rawMessageDelivery?: boolean | undefined;
}

export interface Sns extends Service {
  /** Makes the topic known and returns its ARN. */
  createTopic(name: string, displayName?: string): string;
  /** Creates the subscription, or changes the one of this topic, protocol and endpoint. Returns its ARN. */
  subscribe(settings: SubscriptionSettings): string;
  /** Delivers to all subscribers whose filter lets it pass. Throws `ServiceError`; a failed delivery is only reported. */
  publish(topicArn: string, publication: Publication): { messageId: string };
}

export interface SnsOptions {
  /** Base of the URLs in envelopes. */
  endpoint: string;
  outbox: Outbox;
  sendToQueue(queueArn: string, body: string, attributes: Record<string, MessageAttribute>): void;
  /** Invokes a function asynchronously. */
  invoke(functionArn: string, event: unknown): void;
  record(measurement: Measurement): void;
}

interface Subscription extends SubscriptionSettings {
  arn: string;
  protocol: Protocol;
  passes: (notification: Notification) => boolean;
}

/** SNS: topics and subscriptions in memory, every delivery at once. */
export function createSns(runtime: Runtime, options: SnsOptions): Sns {
  const topics = new Map<string, { displayName: string }>();
  const subscriptions = new Map<string, Subscription>();

  function checkTopic(arn: string): string {
    if (!topics.has(arn)) throw new ServiceError('NotFound', 'Topic does not exist', 404);
    return arn;
  }

  const subscribersOf = (topicArn: string) =>
    [...subscriptions.values()].filter((subscription) => subscription.topicArn === topicArn);

  function subscribe(settings: SubscriptionSettings): string {
    checkTopic(settings.topicArn);
    const protocol = protocols.find((known) => known === settings.protocol);
    if (!protocol)
      throw new ServiceError(
        'InvalidParameter',
        `Protocol: ${settings.protocol} is not delivered locally; allowed is ${protocols.join(', ')}`,
      );
    const existing = subscribersOf(settings.topicArn).find(
      (other) => other.protocol === protocol && other.endpoint === settings.endpoint,
    );
    const arn = existing?.arn ?? `${settings.topicArn}:${randomUUID()}`;
    subscriptions.set(arn, { ...settings, protocol, arn, passes: passesOf(settings) });
    return arn;
  }

  function publish(topicArn: string, publication: Publication): { messageId: string } {
    const notification = notificationOf(checkTopic(topicArn), publication, runtime.clock.now());
    for (const subscription of subscribersOf(topicArn))
      if (subscription.passes(notification)) attempt(notification, subscription);
    return { messageId: notification.id };
  }

  function attempt(notification: Notification, subscription: Subscription): void {
    try {
      deliver(notification, subscription, options);
    } catch (error) {
      const topic = notification.topicArn.split(':').at(-1)!;
      runtime.log(`SNS ${topic} to ${subscription.endpoint}: ${(error as Error).message}`);
      options.record({
        namespace: 'AWS/SNS',
        name: 'NumberOfNotificationsFailed',
        dimensions: { TopicName: topic },
        unit: 'Count',
        values: [1],
      });
    }
  }

  function createTopic(name: string, displayName = ''): string {
    const arn = `arn:aws:sns:${runtime.region}:${runtime.account}:${name}`;
    topics.set(arn, { displayName });
    return arn;
  }

  const service = serviceOf('SNS', {
    ...publishOperations(publish),
    ...subscriptionOperations({ subscribe, unsubscribe: (arn) => subscriptions.delete(arn) }),
    ListTopics: operation({ NextToken: z.optional(z.string()) }, () => ({
      Topics: [...topics.keys()].map((TopicArn) => ({ TopicArn })),
    })),
    GetTopicAttributes: operation({ TopicArn: z.string() }, ({ TopicArn }) => ({
      Attributes: {
        TopicArn: checkTopic(TopicArn),
        DisplayName: topics.get(TopicArn)!.displayName,
        Owner: runtime.account,
        SubscriptionsConfirmed: String(subscribersOf(TopicArn).length),
        SubscriptionsPending: '0',
        SubscriptionsDeleted: '0',
      },
    })),
    ListSubscriptionsByTopic: operation(
      { TopicArn: z.string(), NextToken: z.optional(z.string()) },
      ({ TopicArn }) => ({
        Subscriptions: subscribersOf(checkTopic(TopicArn)).map(({ arn, protocol, endpoint }) => ({
          SubscriptionArn: arn,
          Owner: runtime.account,
          Protocol: protocol,
          Endpoint: endpoint,
          TopicArn,
        })),
      }),
    ),
  });
  return { ...service, createTopic, subscribe, publish };
}

function passesOf({ filterPolicy, filterPolicyScope }: SubscriptionSettings): Subscription['passes'] {
  if (filterPolicy === undefined) return () => true;
  const byBody = filterPolicyScope === 'MessageBody';
  const filter: Filter = parseFilterPolicy(filterPolicy, byBody);
  if (!byBody)
    return ({ attributes }) => {
      const offered = Object.entries(attributes).map(([name, attribute]) => [
        name,
        offeredByAttribute(attribute),
      ]);
      return filter(Object.fromEntries(offered));
    };
  return (notification) => {
    const offered = offeredByBody(notification.text('sqs'));
    return offered !== undefined && filter(offered);
  };
}

function deliver(notification: Notification, subscription: Subscription, options: SnsOptions): void {
  const { protocol, endpoint, arn, rawMessageDelivery } = subscription;
  const text = notification.text(protocol);
  const wrapped = () => envelope(notification, protocol, arn, options.endpoint);
  switch (protocol) {
    case 'sqs':
      return rawMessageDelivery
        ? options.sendToQueue(endpoint, text, notification.attributes)
        : options.sendToQueue(endpoint, wrapped(), {});
    case 'lambda':
      return options.invoke(endpoint, lambdaEvent(notification, arn, options.endpoint));
    case 'email':
    case 'sms':
    case 'email-json':
    case 'https': {
      const request = protocol === 'email-json' || protocol === 'https' ? wrapped() : text;
      return options.outbox.record({
        channel: `sns-${protocol}`,
        to: [endpoint],
        subject: protocol === 'sms' ? undefined : (notification.subject ?? 'AWS Notification Message'),
        text: protocol === 'https' && rawMessageDelivery ? text : request,
        request: {
          topicArn: notification.topicArn,
          body: protocol === 'https' && rawMessageDelivery ? text : request,
        },
        response: { status: 200, body: '', delivery: 'captured' },
      });
    }
  }
}

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
};
type Message = z.infer<z.ZodMiniObject<typeof message>>;

function publishOperations(publish: Sns['publish']): Record<string, Operation> {
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

function subscriptionOperations(topic: {
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
        ReturnSubscriptionArn: z.optional(z.union([z.boolean(), z.enum(['true', 'false'])])),
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
