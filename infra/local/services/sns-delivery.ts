import type { MessageAttribute } from './messages.ts';
import type { Outbox } from './outbox.ts';
import { envelope, lambdaEvent, type Notification, type Protocol } from './sns-message.ts';

/** Where notifications go. */
export interface Receivers {
  /** Base of the URLs in envelopes. */
  endpoint: string;
  outbox: Outbox;
  sendToQueue(queueArn: string, body: string, attributes: Record<string, MessageAttribute>): void;
  /** Invokes a function asynchronously. */
  invoke(functionArn: string, event: unknown): void;
}

export interface Subscriber {
  /** The subscription's. */
  arn: string;
  protocol: Protocol;
  endpoint: string;
  rawMessageDelivery?: boolean | undefined;
}

/** Hands a notification over in the form of the subscriber's protocol. People and web servers get it in the outbox. Throws what the receiver throws. */
export function deliver(notification: Notification, subscriber: Subscriber, receivers: Receivers): void {
  const { protocol, endpoint, arn, rawMessageDelivery: raw } = subscriber;
  const text = notification.text(protocol);
  const wrapped = () => envelope(notification, protocol, arn, receivers.endpoint);
  if (protocol === 'lambda') {
    receivers.invoke(endpoint, lambdaEvent(notification, arn, receivers.endpoint));
  } else if (protocol === 'sqs') {
    receivers.sendToQueue(endpoint, raw ? text : wrapped(), raw ? notification.attributes : {});
  } else {
    const plain = protocol === 'email' || protocol === 'sms' || (protocol === 'https' && raw);
    const body = plain ? text : wrapped();
    receivers.outbox.record({
      channel: `sns-${protocol}`,
      to: [endpoint],
      subject: protocol === 'sms' ? undefined : (notification.subject ?? 'AWS Notification Message'),
      text: body,
      request: { topicArn: notification.topicArn, body },
      response: { status: 200, body: '', delivery: 'captured' },
    });
  }
}
