import 'reflect-metadata';
import { sign, type webcrypto } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as x509 from '@peculiar/x509';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type IncidentEvent, receiver } from '../../examples/https-receiver/receiver.ts';
import { isOfSns, type SnsMessage, type Trust, verify } from '../../examples/https-receiver/verify.ts';

const topicArn = 'arn:aws:sns:eu-central-1:123456789012:Tocsin-acme-incident-events';
const now = Date.UTC(2026, 10, 20, 12);
const certificateUrl = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0.pem';

let certificate: string;
let privateKey: string;

beforeAll(async () => {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2_048,
  };
  const keys = (await crypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=sns.amazonaws.com',
    keys,
    signingAlgorithm: algorithm,
  });
  certificate = made.toString('pem');
  privateKey = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
});

const event: IncidentEvent = {
  version: 1,
  id: '20261120-abcdefgh#3',
  type: 'firing',
  incident: { id: '20261120-abcdefgh', title: 'website is down', severity: 'critical', revision: 1 },
};

const notification = (more: Partial<SnsMessage> = {}): SnsMessage => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: topicArn,
  Subject: '[CRITICAL] website is down (acme)',
  Message: JSON.stringify(event),
  Timestamp: new Date(now).toISOString(),
  SignatureVersion: '1',
  Signature: '',
  SigningCertURL: certificateUrl,
  ...more,
});

const confirmation = (SubscribeURL: string) =>
  notification({
    Type: 'SubscriptionConfirmation',
    Token: '2336412f37',
    Message: 'You have chosen',
    SubscribeURL,
  });

/** As SNS signs: its documentation lists the members of each type, in this order. */
function signedText(message: SnsMessage): string {
  const { Type, Message, MessageId, Subject, SubscribeURL, Timestamp, Token, TopicArn } = message;
  const lines =
    Type === 'Notification'
      ? { Message, MessageId, ...(Subject !== undefined && { Subject }), Timestamp, TopicArn, Type }
      : { Message, MessageId, SubscribeURL, Timestamp, Token, TopicArn, Type };
  return Object.entries(lines)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
}

function signed(message: SnsMessage): string {
  const hash = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  const Signature = sign(hash, Buffer.from(signedText(message)), privateKey).toString('base64');
  return JSON.stringify({ ...message, Signature });
}

const trust: Trust = { topicArn, now: () => now, readCertificate: async () => certificate };

describe('a message', () => {
  it.each([
    ['of version 1', notification()],
    ['of version 2', notification({ SignatureVersion: '2' })],
    ['without a subject', (({ Subject, ...rest }) => rest)(notification())],
    [
      'that asks to confirm',
      confirmation('https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription'),
    ],
  ])('%s that SNS signed is believed', async (_, message) => {
    expect(await verify(signed(message), trust)).toMatchObject({ Type: message.Type });
  });

  it.each<[string, () => string, string]>([
    [
      'changed on its way',
      () => signed(notification()).replace('website', 'nothing'),
      'its signature is wrong',
    ],
    ['not signed', () => JSON.stringify(notification()), 'its signature is wrong'],
    ['of another topic', () => signed(notification({ TopicArn: `${topicArn}2` })), 'it is of the topic'],
    [
      'signed by somebody else’s certificate',
      () =>
        signed(notification({ SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.evil.example/x.pem' })),
      'its certificate is not of SNS',
    ],
    [
      'replayed a day later',
      () => signed(notification({ Timestamp: new Date(now - 86_400_000).toISOString() })),
      'it is of 2026-11-19',
    ],
    ['of no time', () => signed(notification({ Timestamp: 'now' })), 'it is of now'],
    ['of an unknown version', () => signed(notification({ SignatureVersion: '3' })), 'has version 3'],
    [
      'of an inherited version',
      () => signed(notification({ SignatureVersion: 'toString' })),
      'has version toS',
    ],
    ['without a topic', () => '{"Type":"Notification"}', 'it has no MessageId'],
    ['that is no JSON', () => 'hello', 'it is not JSON'],
  ])('%s is refused', async (_, body, why) => {
    await expect(verify(body(), trust)).rejects.toThrow(why);
  });

  it.each([
    ['https://sns.us-east-1.amazonaws.com/x.pem', true],
    ['https://sns.cn-north-1.amazonaws.com.cn/x.pem', true],
    ['http://sns.us-east-1.amazonaws.com/x.pem', false],
    ['https://sns.us-east-1.amazonaws.com:8443/x.pem', false],
    ['https://sns.us-east-1.amazonaws.com@evil.example/x.pem', false],
    ['https://bucket.s3.amazonaws.com/x.pem', false],
    ['https://evil.example/sns.us-east-1.amazonaws.com/x.pem', false],
    ['nowhere', false],
  ])('with its certificate at %s: %s', (url, expected) => {
    expect(isOfSns(url)).toBe(expected);
  });
});

describe('the receiver', () => {
  const events: IncidentEvent[] = [];
  const confirmed: string[] = [];
  let url: string;

  beforeEach(async () => {
    events.length = 0;
    confirmed.length = 0;
    const server = createServer(
      receiver({
        ...trust,
        confirm: async (address) => void confirmed.push(address),
        onEvent: async (each) => void events.push(each),
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  const post = async (body: string) => (await fetch(url, { method: 'POST', body })).status;

  it('confirms its subscription, and then hears each event once', async () => {
    const link = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37';
    expect(await post(signed(confirmation(link)))).toBe(204);
    expect(await post(signed(notification()))).toBe(204);
    expect(await post(signed(notification({ MessageId: 'again' })))).toBe(204);
    expect(confirmed).toEqual([link]);
    expect(events).toEqual([event]);
  });

  it('fetches nothing from elsewhere, believes nobody else, and takes no endless body', async () => {
    expect(await post(signed(confirmation('https://evil.example/')))).toBe(403);
    expect(await post(JSON.stringify(notification()))).toBe(403);
    expect(await post('x'.repeat(300_001))).toBe(403);
    expect((await fetch(url)).status).toBe(405);
    expect([...confirmed, ...events]).toEqual([]);
  });
});
