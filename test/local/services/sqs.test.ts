import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type QueueSettings, queueDefaults } from '../../../infra/local/services/queues.ts';
import { createSqs, type Sqs } from '../../../infra/local/services/sqs.ts';
import { type TestRuntime, testRuntime } from '../../support/local-runtime.ts';

const endpoint = 'http://127.0.0.1:4401';
const QueueUrl = `${endpoint}/000000000000/work`;
const settings = (changes: Partial<QueueSettings> = {}): QueueSettings => ({
  ...queueDefaults,
  name: 'work',
  ...changes,
});

let runtime: TestRuntime;
let sqs: Sqs;
let arn: string;

beforeEach(() => {
  runtime = testRuntime();
  sqs = createSqs(runtime, endpoint);
  arn = sqs.queues.create(settings());
});
afterEach(() => sqs.queues.close());

const call = async (operation: string, input: Record<string, unknown> = {}) =>
  sqs.handle({ operation, input: { QueueUrl, ...input }, caller: 'tester' });
const bodies = () => sqs.queues.receive(arn, 10).map(({ body }) => body);

describe('a message', () => {
  it('is hidden after a receive and visible again when its visibility timeout ends', async () => {
    await call('SendMessage', { MessageBody: 'hello' });

    expect(bodies()).toEqual(['hello']);
    await runtime.clock.advance(29_999);
    expect(bodies()).toEqual([]);
    await runtime.clock.advance(1);
    expect(bodies()).toEqual(['hello']);
  });

  it('is gone once deleted', async () => {
    await call('SendMessage', { MessageBody: 'hello' });
    const { Messages } = (await call('ReceiveMessage')) as { Messages: { ReceiptHandle: string }[] };
    await call('DeleteMessage', { ReceiptHandle: Messages[0]?.ReceiptHandle });

    await runtime.clock.advance(60_000);
    expect(bodies()).toEqual([]);
  });

  it('is not deleted by the receipt of an earlier receive', async () => {
    await call('SendMessage', { MessageBody: 'hello' });
    const [first] = sqs.queues.receive(arn, 1);
    await runtime.clock.advance(30_000);
    expect(bodies()).toEqual(['hello']);

    sqs.queues.delete(arn, first?.receiptHandle ?? '');

    await runtime.clock.advance(30_000);
    expect(bodies()).toEqual(['hello']);
  });

  it('waits for its delay, or else the delay of its queue', async () => {
    arn = sqs.queues.create(settings({ delay: 10 }));
    await call('SendMessage', { MessageBody: 'queue' });
    await call('SendMessage', { MessageBody: 'own', DelaySeconds: 900 });

    expect(bodies()).toEqual([]);
    await runtime.clock.advance(10_000);
    expect(bodies()).toEqual(['queue']);
    await runtime.clock.advance(890_000);
    expect(bodies()).toContain('own');
  });

  it('can be shown again early, but not when it is visible anyway', async () => {
    await call('SendMessage', { MessageBody: 'hello' });
    const [received] = sqs.queues.receive(arn, 1);
    const change = { ReceiptHandle: received?.receiptHandle, VisibilityTimeout: 0 };
    await call('ChangeMessageVisibility', change);

    expect(sqs.queues.counts(arn)).toMatchObject({ visible: 1, inFlight: 0 });
    await expect(call('ChangeMessageVisibility', change)).rejects.toMatchObject({
      code: 'MessageNotInflight',
    });
  });

  it('is forgotten when it is older than the retention', async () => {
    arn = sqs.queues.create(settings({ retention: 60 }));
    await call('SendMessage', { MessageBody: 'hello' });

    await runtime.clock.advance(60_000);
    expect(sqs.queues.counts(arn).visible).toBe(0);
    expect(bodies()).toEqual([]);
  });

  it('tells how often and since when it was received', async () => {
    await call('SendMessage', { MessageBody: 'hello' });
    const sent = String(runtime.clock.now());
    await runtime.clock.advance(1_000);
    sqs.queues.receive(arn, 1);
    await runtime.clock.advance(30_000);
    const { Messages } = await call('ReceiveMessage', { MessageSystemAttributeNames: ['All'] });

    expect(Messages).toMatchObject([
      {
        Attributes: {
          SentTimestamp: sent,
          ApproximateReceiveCount: '2',
          ApproximateFirstReceiveTimestamp: String(Number(sent) + 1_000),
          SenderId: 'tester',
        },
      },
    ]);
  });

  it('goes to the dead letters instead of being received once too often', async () => {
    const deadLetterArn = sqs.queues.create(settings({ name: 'dead' }));
    arn = sqs.queues.create(settings({ redrive: { deadLetterArn, maxReceiveCount: 2 } }));
    await call('SendMessage', { MessageBody: 'poison' });
    for (const _ of [1, 2]) {
      expect(bodies()).toEqual(['poison']);
      await runtime.clock.advance(30_000);
    }

    expect(bodies()).toEqual([]);
    expect(sqs.queues.receive(deadLetterArn, 10)).toMatchObject([
      { body: 'poison', attributes: { DeadLetterQueueSourceArn: arn, ApproximateReceiveCount: '1' } },
    ]);
  });
});

it('received with no visibility timeout is one message all the same, and visible at once', async () => {
  await call('SendMessage', { MessageBody: 'hello' });

  expect(sqs.queues.receive(arn, 10, 0)).toHaveLength(1);
  expect(sqs.queues.receive(arn, 10)).toHaveLength(1);
});

describe('attributes of a message', () => {
  const MessageAttributes = {
    severity: { DataType: 'String', StringValue: 'critical' },
    'trace.id': { DataType: 'Number', StringValue: '7' },
  };

  it.each([
    [['All'], ['severity', 'trace.id']],
    [['trace.*'], ['trace.id']],
    [['severity'], ['severity']],
    [[], undefined],
  ])('asked for by %j', async (MessageAttributeNames, expected) => {
    await call('SendMessage', { MessageBody: 'hello', MessageAttributes });
    const { Messages } = (await call('ReceiveMessage', { MessageAttributeNames })) as {
      Messages: { MessageAttributes?: object }[];
    };

    const found = Messages[0]?.MessageAttributes;
    expect(found && Object.keys(found)).toEqual(expected);
  });

  it('have the digest that other implementations compute', async () => {
    const answer = await call('SendMessage', {
      MessageBody: 'hello',
      MessageAttributes: {
        name: { DataType: 'String', StringValue: 'value' },
        'a.b': { DataType: 'Number', StringValue: '7' },
      },
    });

    expect(answer).toMatchObject({
      MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592',
      MD5OfMessageAttributes: '3b7aac0cabcdf5b17289155bf24a46e9',
    });
  });
});

describe('a listener', () => {
  it('hears of messages when they become visible: sent, delayed, returned, and those of before', async () => {
    const heard: number[] = [];
    sqs.queues.send(arn, { body: 'before' });
    sqs.queues.onVisible(arn, () => void heard.push(runtime.clock.now()));
    const start = runtime.clock.now();
    await runtime.clock.advance(0);
    sqs.queues.receive(arn, 1);

    sqs.queues.send(arn, { body: 'delayed', delay: 5 });
    await runtime.clock.advance(60_000);

    expect(heard.map((time) => time - start)).toEqual([0, 5_000, 30_000]);
  });

  it('of dead letters hears of each that arrives there', async () => {
    const deadLetterArn = sqs.queues.create(settings({ name: 'dead' }));
    arn = sqs.queues.create(settings({ redrive: { deadLetterArn, maxReceiveCount: 1 } }));
    sqs.queues.send(arn, { body: 'poison' });
    sqs.queues.receive(arn, 1);
    const dead: string[] = [];
    sqs.queues.onVisible(deadLetterArn, () => {
      for (const { body } of sqs.queues.receive(deadLetterArn, 10)) dead.push(body);
    });
    await runtime.clock.advance(30_000);

    sqs.queues.receive(arn, 1);
    await runtime.clock.advance(0);

    expect(dead).toEqual(['poison']);
  });

  it('hears nothing after it was cancelled', async () => {
    let heard = 0;
    const listening = sqs.queues.onVisible(arn, () => void heard++);
    await runtime.clock.advance(0);
    listening.cancel();
    sqs.queues.send(arn, { body: 'hello' });
    await runtime.clock.advance(60_000);

    expect(heard).toBe(1);
  });

  it('keeps the clock until it is done', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    sqs.queues.onVisible(arn, () => promise);
    let advanced = false;
    const advancing = runtime.clock.advance(0).then(() => {
      advanced = true;
    });

    await new Promise(setImmediate);
    expect(advanced).toBe(false);
    resolve();
    await advancing;
  });
});

describe('a long poll', () => {
  it('answers as soon as a message comes', async () => {
    const polling = call('ReceiveMessage', { WaitTimeSeconds: 20 });
    await call('SendMessage', { MessageBody: 'hello' });
    await runtime.clock.advance(0);

    expect(await polling).toMatchObject({ Messages: [{ Body: 'hello' }] });
  });

  it('answers nothing when its time is over', async () => {
    expect(await call('ReceiveMessage', { WaitTimeSeconds: 1 })).toEqual({});
  });
});

describe('a batch', () => {
  it('lets each entry succeed or fail alone', async () => {
    const answer = await call('DeleteMessageBatch', {
      Entries: [
        { Id: 'a', ReceiptHandle: 'nonsense' },
        { Id: 'b', ReceiptHandle: `${crypto.randomUUID()}.${crypto.randomUUID()}` },
      ],
    });

    expect(answer).toMatchObject({
      Successful: [{ Id: 'b' }],
      Failed: [{ Id: 'a', Code: 'ReceiptHandleIsInvalid' }],
    });
  });

  const entry = (Id: string) => ({ Id, MessageBody: Id });
  it.each([
    ['is empty', [], 'EmptyBatchRequest'],
    [
      'has eleven entries',
      Array.from({ length: 11 }, (_, id) => entry(String(id))),
      'TooManyEntriesInBatchRequest',
    ],
    ['has an Id twice', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinct'],
  ])('that %s is refused', async (_case, Entries, code) => {
    await expect(call('SendMessageBatch', { Entries })).rejects.toMatchObject({ code });
  });
});

describe('a refusal', () => {
  it.each([
    [
      'an unknown queue',
      'SendMessage',
      { QueueUrl: `${endpoint}/000000000000/other`, MessageBody: 'a' },
      'QueueDoesNotExist',
    ],
    ['an unknown parameter', 'SendMessage', { MessageBody: 'a', MessageGroupId: 'b' }, 'ValidationException'],
    ['a delay of 901 seconds', 'SendMessage', { MessageBody: 'a', DelaySeconds: 901 }, 'ValidationException'],
    ['an unknown operation', 'CreateQueue', {}, 'UnknownOperationException'],
    [
      'a message over the limit',
      'SendMessage',
      { MessageBody: 'a'.repeat(1_048_577) },
      'InvalidParameterValue',
    ],
  ])('of %s', async (_case, operation, input, code) => {
    await expect(call(operation, input)).rejects.toMatchObject({ code });
  });

  it('names the parameter', async () => {
    await expect(call('SendMessage', { MessageBody: 'a', MessageGroupId: 'b' })).rejects.toThrow(
      /SendMessage: the local runtime does not support MessageGroupId/,
    );
  });
});

it('gives URLs on the local endpoint, because clients send to their host', async () => {
  expect(
    await sqs.handle({ operation: 'GetQueueUrl', input: { QueueName: 'work' }, caller: undefined }),
  ).toEqual({ QueueUrl });
});

it('takes numbers as text, as the Query protocol sends them', async () => {
  await call('SendMessage', { MessageBody: 'hello', DelaySeconds: '5' });

  expect(sqs.queues.counts(arn).delayed).toBe(1);
});

it('keeps messages over a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sqs-'));
  const first = createSqs(testRuntime(directory), endpoint);
  first.queues.send(first.queues.create(settings()), { body: 'hello' });
  first.queues.close();

  const second = createSqs(testRuntime(directory), endpoint);
  expect(second.queues.receive(second.queues.create(settings()), 1)).toMatchObject([{ body: 'hello' }]);
  second.queues.close();
  rmSync(directory, { recursive: true });
});

it('tells CloudWatch how many messages wait', () => {
  sqs.queues.send(arn, { body: 'hello' });

  expect(sqs.queues.measurements()).toContainEqual(
    expect.objectContaining({
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: 'work' },
      values: [1],
    }),
  );
});
