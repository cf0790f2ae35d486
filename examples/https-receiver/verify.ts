import { createVerify } from 'node:crypto';

/**
 * What SNS posts to an HTTPS endpoint.
 * https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
 */
export interface SnsMessage {
  Type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  MessageId: string;
  TopicArn: string;
  Message: string;
  Subject?: string;
  Timestamp: string;
  SignatureVersion: string;
  Signature: string;
  SigningCertURL: string;
  Token?: string;
  SubscribeURL?: string;
}

/** Why a message is not believed. */
export class Refused extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'Refused';
  }
}

export interface Trust {
  /** ARN of the one topic that is listened to: the stack's output `IncidentEventsTopicArn`. */
  topicArn: string;
  /** Epoch milliseconds. */
  now(): number;
  /** A certificate as PEM, from an address that is SNS's own. */
  readCertificate(url: string): Promise<string>;
}

/** Hash of each version of the signature. Topics sign by version 1 unless they are told otherwise. */
const hashes: Record<string, string> = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' };

/** Members that are signed, in their order; one that is absent is left out. */
const signed = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
} as const;

/** Milliseconds within which SNS repeats a message (an hour); an older one is somebody's replay. */
const oldest = 3_600_000;

/**
 * A message that SNS really sent, for our topic, not long ago. Anybody may post to a public endpoint, so nothing is believed before.
 * @throws Refused
 */
export async function verify(body: string, trust: Trust): Promise<SnsMessage> {
  const message = parse(body);
  if (message.TopicArn !== trust.topicArn) throw new Refused(`it is of the topic ${message.TopicArn}`);
  const age = trust.now() - Date.parse(message.Timestamp);
  if (!(Math.abs(age) <= oldest)) throw new Refused(`it is of ${message.Timestamp}`);
  const hash = Object.hasOwn(hashes, message.SignatureVersion) && hashes[message.SignatureVersion];
  if (!hash) throw new Refused(`its signature has version ${message.SignatureVersion}`);
  if (!isOfSns(message.SigningCertURL)) throw new Refused('its certificate is not of SNS');
  const certificate = await trust.readCertificate(message.SigningCertURL);
  const verifier = createVerify(hash).update(textToSign(message));
  if (!verifier.verify(certificate, message.Signature, 'base64')) throw new Refused('its signature is wrong');
  return message;
}

const needed = [
  'Type',
  'MessageId',
  'TopicArn',
  'Message',
  'Timestamp',
  'SignatureVersion',
  'Signature',
  'SigningCertURL',
] as const;

function parse(body: string): SnsMessage {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    throw new Refused('it is not JSON');
  }
  const members = typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};
  const missing = needed.find((name) => typeof members[name] !== 'string');
  if (missing) throw new Refused(`it has no ${missing}`);
  return members as unknown as SnsMessage;
}

/** An address of SNS itself, over https: certificates and confirmations are fetched from nowhere else. */
export function isOfSns(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username } = new URL(address);
  const host = /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;
  return protocol === 'https:' && host.test(hostname) && port === '' && username === '';
}

function textToSign(message: SnsMessage): string {
  const names = message.Type === 'Notification' ? signed.Notification : signed.SubscriptionConfirmation;
  const members: Record<string, unknown> = { ...message };
  return names
    .filter((name) => members[name] !== undefined)
    .map((name) => `${name}\n${members[name]}\n`)
    .join('');
}
