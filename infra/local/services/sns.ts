import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type Runtime, type Service, ServiceError } from '../service.ts';
import { type Filter, offeredByAttribute, offeredByBody, parseFilterPolicy } from './filter-policy.ts';
import type { Measurement } from './metric-store.ts';
import { operation, serviceOf } from './operations.ts';
import { deliver, type Receivers } from './sns-delivery.ts';
import {
  type Notification,
  notificationOf,
  type Protocol,
  type Publication,
  protocols,
} from './sns-message.ts';
import { publishOperations, subscriptionOperations } from './sns-operations.ts';

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

export interface SnsOptions extends Receivers {
  /** Channel that publishes to a topic of the account's; undefined where there is none. Default: there is none. */
  channelOf?(topicArn: string): string | undefined;
  /** For `AWS/SNS` metrics. */
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
    const channel = topics.has(topicArn) ? undefined : options.channelOf?.(topicArn);
    const topic = channel === undefined ? checkTopic(topicArn) : topicArn;
    const notification = notificationOf(topic, publication, runtime.clock.now());
    if (channel !== undefined) capture(notification, channel);
    for (const subscription of subscribersOf(topicArn))
      if (subscription.passes(notification)) attempt(notification, subscription);
    return { messageId: notification.id };
  }

  /** What subscribers of the account's topic would get, in the form for people. */
  function capture(notification: Notification, channel: string): void {
    options.outbox.record({
      channel,
      to: [notification.topicArn],
      subject: notification.subject,
      text: notification.text('email'),
      request: { topicArn: notification.topicArn, body: notification.text('sqs') },
      response: { status: 200, body: '', delivery: 'captured' },
    });
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
