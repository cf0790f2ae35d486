import { randomUUID } from 'node:crypto';
import { ServiceError } from '../service.ts';
import type { MessageAttribute } from './messages.ts';

/** Protocols a subscription may have here; AWS has a few more. */
export const protocols = ['sqs', 'lambda', 'email', 'email-json', 'sms', 'https'] as const;
export type Protocol = (typeof protocols)[number];

/** What a publisher asks for. */
export interface Publication {
  message: string;
  /** With `json`, the message holds a text for `default` and for single protocols. */
  structure?: 'json' | undefined;
  subject?: string | undefined;
  attributes?: Record<string, MessageAttribute> | undefined;
}

/** A message on its way to the subscribers. */
export interface Notification {
  id: string;
  topicArn: string;
  subject: string | undefined;
  attributes: Record<string, MessageAttribute>;
  /** ISO 8601. */
  timestamp: string;
  text(protocol: Protocol): string;
}

const maxBytes = 262_144;
const maxSubject = 100;

/** Checks a publication as SNS does. `now` in epoch milliseconds. */
export function notificationOf(topicArn: string, publication: Publication, now: number): Notification {
  const { message, structure, subject, attributes = {} } = publication;
  if (message === '') invalid('Message: must not be empty');
  if (Buffer.byteLength(message) > maxBytes) invalid(`Message: allowed is up to ${maxBytes} bytes`);
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject))
    invalid('Subject: allowed is one line of ASCII text');
  if (subject !== undefined && subject.length > maxSubject)
    invalid(`Subject: allowed is up to ${maxSubject} characters`);
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
  const texts = structure === 'json' ? textsOf(message) : { default: message };
  return {
    id: randomUUID(),
    topicArn,
    subject,
    attributes,
    timestamp: new Date(now).toISOString(),
    text: (protocol) => texts[protocol] ?? texts.default,
  };
}

function invalid(message: string): never {
  throw new ServiceError('InvalidParameter', `Invalid parameter: ${message}`);
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): void {
  if (!/^(String|String\.Array|Number|Binary)$/.test(DataType))
    invalid(`MessageAttributes.${name}: no type ${DataType}`);
  if (DataType === 'Binary' ? !BinaryValue : !StringValue)
    invalid(`MessageAttributes.${name}: must not be empty`);
  if (DataType === 'Number' && !Number.isFinite(Number(StringValue)))
    invalid(`MessageAttributes.${name}: is no number`);
  if (DataType === 'String.Array' && !Array.isArray(parsed(StringValue ?? '')))
    invalid(`MessageAttributes.${name}: is no JSON array`);
}

function textsOf(message: string): { default: string } & Partial<Record<Protocol, string>> {
  const texts = parsed(message);
  if (typeof texts !== 'object' || texts === null)
    return invalid('Message Structure - JSON message body failed to parse');
  if (!('default' in texts) || typeof texts.default !== 'string')
    return invalid('Message Structure - No default entry in JSON message body');
  for (const [protocol, text] of Object.entries(texts))
    if (typeof text !== 'string') invalid(`Message Structure - ${protocol} must be text`);
  return texts as { default: string } & Partial<Record<Protocol, string>>;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The envelope that HTTP(S) endpoints and, without raw delivery, queues get. `endpoint` is that of the local SNS. */
export function envelope(
  notification: Notification,
  protocol: Protocol,
  subscriptionArn: string,
  endpoint: string,
): string {
  const attributes = typedValues(notification);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: notification.id,
    TopicArn: notification.topicArn,
    ...(notification.subject !== undefined && { Subject: notification.subject }),
    Message: notification.text(protocol),
    Timestamp: notification.timestamp,
    SignatureVersion: '1',
    Signature: 'local',
    SigningCertURL: `${endpoint}/SimpleNotificationService.pem`,
    UnsubscribeURL: `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  });
}

/** The event a subscribed function gets; it spells the two URLs `Url`. */
export function lambdaEvent(notification: Notification, subscriptionArn: string, endpoint: string): unknown {
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId: notification.id,
          TopicArn: notification.topicArn,
          Subject: notification.subject ?? null,
          Message: notification.text('lambda'),
          Timestamp: notification.timestamp,
          SignatureVersion: '1',
          Signature: 'local',
          SigningCertUrl: `${endpoint}/SimpleNotificationService.pem`,
          UnsubscribeUrl: `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
          MessageAttributes: typedValues(notification),
        },
      },
    ],
  };
}

const typedValues = ({ attributes }: Notification) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue },
    ]),
  );
