import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type Answer, type Runtime, type Service, ServiceError } from '../service.ts';
import type { MessageAttribute, ReceivedMessage } from './messages.ts';
import { type Operation, operation, serviceOf } from './operations.ts';
import { openQueues, type Queues } from './queues.ts';
import { md5OfAttributes, rendered } from './sqs-message.ts';
import { integer } from './wire.ts';

const seconds = (max: number) => z.optional(integer(0, max));
const maxDelay = 900;
const maxVisibility = 43_200;
const maxWait = 20;

const messageAttributes = z.optional(
  z.record(
    z.string(),
    z.strictObject({
      DataType: z.string().check(z.regex(/^(String|Number|Binary)(\..+)?$/)),
      StringValue: z.optional(z.string()),
      BinaryValue: z.optional(z.string()),
    }),
  ),
);
const message = {
  MessageBody: z.string().check(z.minLength(1)),
  DelaySeconds: seconds(maxDelay),
  MessageAttributes: messageAttributes,
};
const visibility = {
  ReceiptHandle: z.string(),
  VisibilityTimeout: integer(0, maxVisibility),
};
const names = z.optional(z.array(z.string()));

export interface Sqs extends Service {
  /** For the template, event source mappings, SNS and CloudWatch. */
  queues: Queues;
  /** Where clients reach a queue; on the local endpoint, because the SDK sends to this URL's host. */
  urlOf(arn: string): string;
}

/** SQS for standard queues. `endpoint` is the base of queue URLs, e.g. `http://127.0.0.1:4401`. */
export function createSqs(runtime: Runtime, endpoint: string): Sqs {
  const queues = openQueues(runtime);
  const urlOf = (arn: string) => `${endpoint}/${runtime.account}/${arn.split(':').at(-1)}`;
  const arnOf = (queueUrl: string) => {
    const arn = `arn:aws:sqs:${runtime.region}:${runtime.account}:${queueUrl.split('/').at(-1)}`;
    if (!queues.list().some((queue) => queue.arn === arn))
      throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
    return arn;
  };
  const service = serviceOf('SQS', {
    ...queueOperations(queues, arnOf, urlOf),
    ...sendOperations(queues, arnOf),
    ...receiveOperations(queues, arnOf),
  });
  return { ...service, queues, urlOf };
}

type Resolve = (value: string) => string;

function queueOperations(queues: Queues, arnOf: Resolve, urlOf: Resolve): Record<string, Operation> {
  return {
    GetQueueUrl: operation(
      { QueueName: z.string(), QueueOwnerAWSAccountId: z.optional(z.string()) },
      (input) => ({
        QueueUrl: urlOf(arnOf(input.QueueName)),
      }),
    ),
    ListQueues: operation({ QueueNamePrefix: z.optional(z.string()) }, (input) => ({
      QueueUrls: queues
        .list()
        .filter(({ settings }) => settings.name.startsWith(input.QueueNamePrefix ?? ''))
        .map(({ arn }) => urlOf(arn)),
    })),
    GetQueueAttributes: operation({ QueueUrl: z.string(), AttributeNames: names }, (input) => {
      const wanted = input.AttributeNames ?? [];
      const all = Object.entries(attributesOf(queues, arnOf(input.QueueUrl)));
      const attributes = all.filter(([name]) => wanted.includes('All') || wanted.includes(name));
      return { Attributes: Object.fromEntries(attributes) };
    }),
    PurgeQueue: operation({ QueueUrl: z.string() }, (input) => {
      queues.purge(arnOf(input.QueueUrl));
      return {};
    }),
  };
}

function sendOperations(queues: Queues, arnOf: Resolve): Record<string, Operation> {
  type Message = z.infer<z.ZodMiniObject<typeof message>>;
  const send = (arn: string, input: Message, sender: string | undefined): Answer => {
    const attributes = (input.MessageAttributes ?? {}) as Record<string, MessageAttribute>;
    const { messageId } = queues.send(arn, {
      body: input.MessageBody,
      attributes,
      delay: input.DelaySeconds,
      sender,
    });
    return {
      MessageId: messageId,
      MD5OfMessageBody: createHash('md5').update(input.MessageBody).digest('hex'),
      ...md5OfAttributes('MD5OfMessageAttributes', attributes),
    };
  };
  return {
    SendMessage: operation({ QueueUrl: z.string(), ...message }, ({ QueueUrl, ...input }, { caller }) =>
      send(arnOf(QueueUrl), input, caller),
    ),
    SendMessageBatch: batch(arnOf, message, (arn, entry, caller) => send(arn, entry, caller)),
  };
}

function receiveOperations(queues: Queues, arnOf: Resolve): Record<string, Operation> {
  return {
    ReceiveMessage: operation(
      {
        QueueUrl: z.string(),
        MaxNumberOfMessages: z.optional(integer(1, 10)),
        VisibilityTimeout: seconds(maxVisibility),
        WaitTimeSeconds: seconds(maxWait),
        AttributeNames: names,
        MessageSystemAttributeNames: names,
        MessageAttributeNames: names,
      },
      async (input) => {
        const arn = arnOf(input.QueueUrl);
        const wait = input.WaitTimeSeconds ?? queues.settings(arn).receiveWait;
        const messages = await longPoll(queues, arn, wait, () =>
          queues.receive(arn, input.MaxNumberOfMessages ?? 1, input.VisibilityTimeout),
        );
        const system = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
        const Messages = messages.map((received) =>
          rendered(received, system, input.MessageAttributeNames ?? []),
        );
        return Messages.length > 0 ? { Messages } : {};
      },
    ),
    DeleteMessage: operation({ QueueUrl: z.string(), ReceiptHandle: z.string() }, (input) => {
      queues.delete(arnOf(input.QueueUrl), input.ReceiptHandle);
      return {};
    }),
    DeleteMessageBatch: batch(arnOf, { ReceiptHandle: z.string() }, (arn, entry) => {
      queues.delete(arn, entry.ReceiptHandle);
      return {};
    }),
    ChangeMessageVisibility: operation({ QueueUrl: z.string(), ...visibility }, (input) => {
      queues.changeVisibility(arnOf(input.QueueUrl), input.ReceiptHandle, input.VisibilityTimeout);
      return {};
    }),
    ChangeMessageVisibilityBatch: batch(arnOf, visibility, (arn, entry) => {
      queues.changeVisibility(arn, entry.ReceiptHandle, entry.VisibilityTimeout);
      return {};
    }),
  };
}

/** Up to ten entries, each of which succeeds or fails by itself. */
function batch<Shape extends z.core.$ZodLooseShape>(
  arnOf: Resolve,
  shape: Shape,
  run: (arn: string, entry: z.infer<z.ZodMiniObject<Shape>>, caller: string | undefined) => Answer,
): Operation {
  const entry = z.strictObject({ Id: z.string(), ...shape });
  return operation({ QueueUrl: z.string(), Entries: z.array(entry) }, ({ QueueUrl, Entries }, { caller }) => {
    const arn = arnOf(QueueUrl);
    const entries = Entries as (z.infer<z.ZodMiniObject<Shape>> & { Id: string })[];
    if (entries.length === 0) throw new ServiceError('EmptyBatchRequest', 'the batch has no entries');
    if (entries.length > 10)
      throw new ServiceError(
        'TooManyEntriesInBatchRequest',
        `${entries.length} entries; a batch has 10 at most`,
      );
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
      throw new ServiceError('BatchEntryIdsNotDistinct', 'two entries of the batch have the same Id');
    const Successful: Answer[] = [];
    const Failed: Answer[] = [];
    for (const { Id, ...rest } of entries) {
      try {
        Successful.push({ Id, ...run(arn, rest as z.infer<z.ZodMiniObject<Shape>>, caller) });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  });
}

/** Waits in real time, as the client's socket does, while what it waits for happens on the runtime's clock. */
async function longPoll(
  queues: Queues,
  arn: string,
  waitSeconds: number,
  receive: () => ReceivedMessage[],
): Promise<ReceivedMessage[]> {
  const messages = receive();
  if (messages.length > 0 || waitSeconds === 0) return messages;
  return new Promise((resolve) => {
    const finish = (found: ReceivedMessage[]) => {
      clearTimeout(deadline);
      listening.cancel();
      resolve(found);
    };
    const deadline = setTimeout(() => finish([]), waitSeconds * 1000);
    const listening = queues.onVisible(arn, () => {
      const found = receive();
      if (found.length > 0) finish(found);
    });
  });
}

function attributesOf(queues: Queues, arn: string): Record<string, string> {
  const settings = queues.settings(arn);
  const counts = queues.counts(arn);
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: String(settings.visibilityTimeout),
    DelaySeconds: String(settings.delay),
    MessageRetentionPeriod: String(settings.retention),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWait),
    MaximumMessageSize: String(settings.maximumSize),
    ...(settings.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: settings.redrive.deadLetterArn,
        maxReceiveCount: settings.redrive.maxReceiveCount,
      }),
    }),
  };
}
