import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import type { Outcome } from './lambda/messages.ts';
import type { MessageAttribute, Queues, ReceivedMessage } from './services/queues.ts';

/** What Lambda's own pollers do for a queue; they start with five. */
const pollers = 5;

export interface EventSource {
  queueArn: string;
  region: string;
  batchSize: number;
  /** How long a batch may wait to fill. */
  windowMs: number;
  /** Whether the function names the messages it failed on. */
  reportsFailures: boolean;
  /** Batches at once; Lambda's own limit when undefined. */
  maxConcurrency: number | undefined;
  invoke(event: unknown): Promise<Outcome>;
}

/** Feeds a function from a queue: invokes it with what is visible and deletes what it handled. */
export function startEventSource(source: EventSource, queues: Queues, clock: Clock): void {
  let running = 0;
  let gathering = false;

  const work = async () => {
    running++;
    const messages = queues.receive(source.queueArn, source.batchSize);
    if (messages.length > 0) {
      const outcome = await source.invoke({ Records: messages.map((message) => record(message, source)) });
      const failed = outcome.ok ? failuresIn(outcome.payload, messages, source) : idsOf(messages);
      for (const message of messages)
        if (!failed.has(message.messageId)) queues.delete(source.queueArn, message.receiptHandle);
    }
    running--;
    // What a failed message waits for is its visibility timeout, of which the queue tells.
    if (messages.length > 0) poll();
  };

  const poll = () => {
    const free = (source.maxConcurrency ?? pollers) - running;
    const batches = Math.ceil(queues.counts(source.queueArn).visible / source.batchSize);
    for (let started = 0; started < Math.min(free, batches); started++) void work();
  };

  const gather = () => {
    if (source.windowMs === 0 || queues.counts(source.queueArn).visible >= source.batchSize) return poll();
    if (gathering) return;
    gathering = true;
    clock.at(clock.now() + source.windowMs, () => {
      gathering = false;
      poll();
    });
  };

  queues.onVisible(source.queueArn, gather);
}

const batchResponse = z.object({
  batchItemFailures: z.optional(z.nullable(z.array(z.object({ itemIdentifier: z.string() })))),
});

/** As Lambda reads a partial response: a shape it does not know, or a message it did not send, fails the whole batch. */
function failuresIn(payload: unknown, messages: ReceivedMessage[], source: EventSource): Set<string> {
  if (!source.reportsFailures || payload === null || payload === '') return new Set();
  const response = batchResponse.safeParse(payload);
  const known = idsOf(messages);
  if (!response.success) return known;
  const failed = (response.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => known.has(id)) ? new Set(failed) : known;
}

const idsOf = (messages: ReceivedMessage[]) => new Set(messages.map(({ messageId }) => messageId));

function record(message: ReceivedMessage, { queueArn, region }: EventSource) {
  const { messageAttributes, md5OfBody, ...rest } = message;
  const attributes = Object.entries(messageAttributes).map(([name, value]) => [name, attribute(value)]);
  return {
    ...rest,
    md5OfBody,
    messageAttributes: Object.fromEntries(attributes),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

const attribute = ({ DataType, StringValue, BinaryValue }: MessageAttribute) => ({
  dataType: DataType,
  ...(StringValue !== undefined && { stringValue: StringValue }),
  ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
  stringListValues: [],
  binaryListValues: [],
});
