import { beforeEach, describe, expect, it } from 'vitest';
import type { Measurement } from '../../../infra/local/services/metric-store.ts';
import { createOutbox, type Outbox } from '../../../infra/local/services/outbox.ts';
import type { MessageAttribute } from '../../../infra/local/services/queues.ts';
import { createSns, type Sns } from '../../../infra/local/services/sns.ts';
import { type TestRuntime, testRuntime } from '../../support/local-runtime.ts';

const endpoint = 'http://127.0.0.1:4401';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:work';
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:work';

let runtime: TestRuntime;
let sns: Sns;
let outbox: Outbox;
let TopicArn: string;
let queued: { body: string; attributes: Record<string, MessageAttribute> }[];
let invoked: unknown[];
let recorded: Measurement[];

beforeEach(() => {
  runtime = testRuntime();
  outbox = createOutbox(runtime);
  queued = [];
  invoked = [];
  recorded = [];
  sns = createSns(runtime, {
    endpoint,
    outbox,
    sendToQueue(arn, body, attributes) {
      if (arn !== queueArn) throw new Error(`no queue ${arn}`);
      queued.push({ body, attributes });
    },
    invoke: (_arn, event) => invoked.push(event),
    record: (measurement) => recorded.push(measurement),
  });
  TopicArn = sns.createTopic('events');
});

const call = async (operation: string, input: Record<string, unknown>) =>
  sns.handle({ operation, input, caller: undefined }) as Promise<Record<string, never>>;
const publish = (input: Record<string, unknown>) => call('Publish', { TopicArn, ...input });
const subscribe = (protocol: string, to: string, settings: object = {}) =>
  sns.subscribe({ topicArn: TopicArn, protocol, endpoint: to, ...settings });
const severity = { DataType: 'String', StringValue: 'critical' };
const forms = JSON.stringify({ default: '{"id":1}', email: 'For people.', sms: 'Short.' });

describe('a queue', () => {
  it('gets the envelope of HTTP deliveries', async () => {
    const arn = subscribe('sqs', queueArn);
    const { MessageId } = await publish({
      Message: 'hello',
      Subject: 'Greeting',
      MessageAttributes: { severity },
    });

    expect(queued.map(({ body }) => JSON.parse(body))).toEqual([
      {
        Type: 'Notification',
        MessageId,
        TopicArn,
        Subject: 'Greeting',
        Message: 'hello',
        Timestamp: '2026-11-20T05:00:00.000Z',
        SignatureVersion: '1',
        Signature: expect.any(String),
        SigningCertURL: `${endpoint}/SimpleNotificationService.pem`,
        UnsubscribeURL: `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
        MessageAttributes: { severity: { Type: 'String', Value: 'critical' } },
      },
    ]);
    expect(queued[0]?.attributes).toEqual({});
  });

  it('gets the bare message and its attributes with raw delivery', async () => {
    subscribe('sqs', queueArn, { rawMessageDelivery: true });
    await publish({ Message: forms, MessageStructure: 'json', MessageAttributes: { severity } });

    expect(queued).toEqual([{ body: '{"id":1}', attributes: { severity } }]);
  });

  it('that is gone fails neither the publisher nor other subscribers, and is counted', async () => {
    subscribe('sqs', `${queueArn}-gone`);
    subscribe('sqs', queueArn);
    await publish({ Message: 'hello' });

    expect(queued).toHaveLength(1);
    expect(recorded).toMatchObject([
      { name: 'NumberOfNotificationsFailed', dimensions: { TopicName: 'events' } },
    ]);
  });
});

it('a function gets the record of Lambda events, whose URLs are spelled otherwise', async () => {
  subscribe('lambda', functionArn);
  await publish({ Message: 'hello' });

  expect(invoked).toMatchObject([
    {
      Records: [
        {
          EventSource: 'aws:sns',
          Sns: {
            Message: 'hello',
            Subject: null,
            SigningCertUrl: expect.any(String),
            UnsubscribeUrl: expect.any(String),
          },
        },
      ],
    },
  ]);
});

describe('people', () => {
  it.each([
    ['email', 'ops@example.com', 'For people.', 'Site down'],
    ['sms', '+15550100', 'Short.', undefined],
  ])('by %s get the text made for them', async (protocol, to, text, subject) => {
    subscribe(protocol, to);
    await publish({ Message: forms, MessageStructure: 'json', Subject: 'Site down' });

    expect(outbox.list()).toMatchObject([
      { channel: `sns-${protocol}`, to: [to], text, at: '2026-11-20T05:00:00.000Z' },
    ]);
    expect(outbox.list()[0]?.subject).toBe(subject);
  });

  it('by https get the envelope around the default text', async () => {
    subscribe('https', 'https://example.com/hook');
    await publish({ Message: forms, MessageStructure: 'json' });

    expect(JSON.parse(outbox.list()[0]?.text ?? '')).toMatchObject({
      Type: 'Notification',
      Message: '{"id":1}',
    });
  });

  it('by a protocol nobody delivers here are refused', () => {
    expect(() => subscribe('application', 'arn:aws:sns:us-east-1:000000000000:app')).toThrow(
      /application is not delivered locally; allowed is sqs, lambda, email/,
    );
  });
});

describe('a filter', () => {
  const attributes = {
    severity,
    count: { DataType: 'Number', StringValue: '7' },
    receivers: { DataType: 'String.Array', StringValue: '["ops","oncall"]' },
  };
  it.each([
    [{ severity: ['critical'] }, true],
    [{ severity: ['warning', 'critical'] }, true],
    [{ severity: ['warning'] }, false],
    [{ severity: ['critical'], count: [8] }, false],
    [{ receivers: ['oncall'] }, true],
    [{ receivers: ['sales'] }, false],
    [{ severity: [{ prefix: 'crit' }] }, true],
    [{ severity: [{ suffix: 'crit' }] }, false],
    [{ severity: [{ 'equals-ignore-case': 'CRITICAL' }] }, true],
    [{ severity: [{ 'anything-but': ['warning', 'info'] }] }, true],
    [{ severity: [{ 'anything-but': 'critical' }] }, false],
    [{ severity: [{ 'anything-but': { prefix: 'warn' } }] }, true],
    [{ absent: [{ 'anything-but': 'x' }] }, false],
    [{ severity: [{ exists: true }] }, true],
    [{ severity: [{ exists: false }] }, false],
    [{ absent: [{ exists: false }] }, true],
    [{ absent: [{ exists: true }] }, false],
    [{ count: [{ numeric: ['>=', 5, '<', 8] }] }, true],
    [{ count: [{ numeric: ['>', 7] }] }, false],
    [{ count: [{ numeric: ['=', 7] }] }, true],
    [{ count: [7] }, true],
    [{ count: ['7'] }, false],
    [{ $or: [{ severity: ['info'] }, { count: [7] }] }, true],
    [{ $or: [{ severity: ['info'] }, { count: [8] }] }, false],
  ])('%j lets the message pass: %s', async (filterPolicy, passes) => {
    subscribe('sqs', queueArn, { filterPolicy: JSON.stringify(filterPolicy) });
    await publish({ Message: 'hello', MessageAttributes: attributes });

    expect(queued).toHaveLength(passes ? 1 : 0);
  });

  it.each([
    [{ alarm: { state: ['ALARM'] } }, true],
    [{ alarm: { state: ['OK'] } }, false],
    [{ alarm: { tags: ['b'] } }, true],
    [{ open: [true], closed: [null] }, true],
    [{ alarm: { missing: [{ exists: false }] } }, true],
  ])('%j on the body lets the message pass: %s', async (filterPolicy, passes) => {
    subscribe('sqs', queueArn, { filterPolicy, filterPolicyScope: 'MessageBody' });
    const body = { alarm: { state: 'ALARM', tags: ['a', 'b'] }, open: true, closed: null };
    await publish({ Message: JSON.stringify(body) });

    expect(queued).toHaveLength(passes ? 1 : 0);
  });

  it('on the body keeps out what is no JSON', async () => {
    subscribe('sqs', queueArn, {
      filterPolicy: { a: [{ exists: false }] },
      filterPolicyScope: 'MessageBody',
    });
    await publish({ Message: 'plain' });

    expect(queued).toEqual([]);
  });

  it.each([
    ['not JSON', '{', /not JSON/],
    ['a value that is no list', { severity: 'critical' }, /severity must be a list/],
    ['an empty list', { severity: [] }, /empty list/],
    ['an unknown operator', { severity: [{ contains: 'a' }] }, /no operator contains; there are prefix/],
    ['a range without number', { count: [{ numeric: ['>'] }] }, /numeric takes/],
    ['objects within attributes', { a: { b: ['c'] } }, /a must be a list/],
  ])('with %s is refused', (_case, filterPolicy, reason) => {
    expect(() => subscribe('sqs', queueArn, { filterPolicy })).toThrow(reason);
  });
});

describe('a publication is refused', () => {
  it.each([
    ['with a subject of 101 characters', { Message: 'a', Subject: 'a'.repeat(101) }, /100 characters/],
    ['with a subject of two lines', { Message: 'a', Subject: 'a\nb' }, /ASCII/],
    ['with a subject in other letters', { Message: 'a', Subject: 'gestört' }, /ASCII/],
    ['when empty', { Message: '' }, /must not be empty/],
    ['over 256 KB', { Message: 'a'.repeat(262_145) }, /262144/],
    ['when structured but no JSON', { Message: 'a', MessageStructure: 'json' }, /failed to parse/],
    [
      'when structured without default',
      { Message: '{"email":"a"}', MessageStructure: 'json' },
      /No default entry/,
    ],
    [
      'with an empty attribute',
      { Message: 'a', MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
      /must not be empty/,
    ],
    [
      'with an array that is none',
      { Message: 'a', MessageAttributes: { a: { DataType: 'String.Array', StringValue: 'x' } } },
      /no JSON array/,
    ],
    [
      'with a parameter unknown here',
      { Message: 'a', PhoneNumber: '+34600000000' },
      /does not support PhoneNumber/,
    ],
    [
      'with what only a FIFO topic takes',
      { Message: 'a', MessageGroupId: 'a' },
      /MessageGroupId is not valid for this topic type/,
    ],
    [
      'to an unknown topic',
      { Message: 'a', TopicArn: 'arn:aws:sns:us-east-1:000000000000:other' },
      /Topic does not exist/,
    ],
  ])('%s', async (_case, input, reason) => {
    await expect(publish(input)).rejects.toThrow(reason);
  });
});

describe('subscriptions', () => {
  it('of the same endpoint are one, with the latest filter', async () => {
    const first = subscribe('sqs', queueArn, { filterPolicy: { severity: ['info'] } });
    const second = subscribe('sqs', queueArn);
    await publish({ Message: 'hello' });

    expect(second).toBe(first);
    expect(queued).toHaveLength(1);
  });

  it('can be made, listed and ended by clients', async () => {
    const { SubscriptionArn } = await call('Subscribe', {
      TopicArn,
      Protocol: 'email',
      Endpoint: 'ops@example.com',
      Attributes: { FilterPolicy: '{"severity":["critical"]}' },
    });
    expect(await call('ListSubscriptionsByTopic', { TopicArn })).toMatchObject({
      Subscriptions: [{ SubscriptionArn, Protocol: 'email', Endpoint: 'ops@example.com' }],
    });

    await call('Unsubscribe', { SubscriptionArn });
    expect(await call('ListSubscriptionsByTopic', { TopicArn })).toEqual({ Subscriptions: [] });
  });
});

it('publishes a batch, each entry by itself', async () => {
  subscribe('sqs', queueArn);
  const answer = await call('PublishBatch', {
    TopicArn,
    PublishBatchRequestEntries: [
      { Id: 'good', Message: 'hello' },
      { Id: 'bad', Message: '' },
    ],
  });

  expect(answer).toMatchObject({
    Successful: [{ Id: 'good' }],
    Failed: [{ Id: 'bad', Code: 'InvalidParameter' }],
  });
  expect(queued).toHaveLength(1);
});

it("keeps what is for a topic of the account's, under the channel that publishes there", async () => {
  const pages = 'arn:aws:sns:eu-west-1:123456789012:pages.fifo';
  const outside = createSns(runtime, {
    endpoint,
    outbox,
    channelOf: (arn) => (arn === pages ? 'oncall' : undefined),
    sendToQueue: () => {},
    invoke: () => {},
    record: () => {},
  });
  const input = {
    TopicArn: pages,
    Subject: 'website',
    Message: '{"default":"{}","email":"website is down"}',
    MessageStructure: 'json',
    MessageGroupId: 'a',
  };
  await outside.handle({ operation: 'Publish', input, caller: undefined });

  expect(outbox.list()).toMatchObject([
    { channel: 'oncall', to: [pages], subject: 'website', text: 'website is down' },
  ]);
});
