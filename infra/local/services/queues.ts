import { randomUUID } from 'node:crypto';
import { type Runtime, ServiceError } from '../service.ts';
import {
  type MessageAttribute,
  messageOf,
  openMessages,
  type ReceivedMessage,
  type Row,
} from './messages.ts';
import type { Measurement } from './metric-store.ts';

export type { MessageAttribute, ReceivedMessage } from './messages.ts';

/** What the template says about a queue; times in seconds. */
export interface QueueSettings {
  name: string;
  visibilityTimeout: number;
  delay: number;
  retention: number;
  /** Long poll of a receive that does not say. */
  receiveWait: number;
  maximumSize: number;
  redrive?: { deadLetterArn: string; maxReceiveCount: number };
}

/** The defaults of AWS::SQS::Queue. */
export const queueDefaults = {
  visibilityTimeout: 30,
  delay: 0,
  retention: 4 * 86_400,
  receiveWait: 0,
  maximumSize: 1_048_576,
};

export interface OutgoingMessage {
  body: string;
  attributes?: Record<string, MessageAttribute>;
  /** Seconds; the queue's own delay when absent. */
  delay?: number | undefined;
  sender?: string | undefined;
}

interface Queue {
  settings: QueueSettings;
  arn: string;
  listeners: Set<() => void | Promise<void>>;
  wake: { time: number; cancel(): void } | undefined;
}

export type Queues = ReturnType<typeof openQueues>;

/** Queues on the runtime's clock. Messages are rows, so that they survive a restart; queues come from the template. */
export function openQueues(runtime: Runtime) {
  const rows = openMessages(runtime);
  const queues = new Map<string, Queue>();
  const now = () => runtime.clock.now();

  function queueOf(arn: string): Queue {
    const queue = queues.get(arn);
    if (!queue) throw new ServiceError('QueueDoesNotExist', `no queue ${arn}`);
    return queue;
  }

  function wakeAt(queue: Queue, time: number): void {
    if (queue.listeners.size === 0 || (queue.wake && queue.wake.time <= time)) return;
    queue.wake?.cancel();
    const due = runtime.clock.at(time, () => wake(queue));
    queue.wake = { time, cancel: () => due.cancel() };
  }

  async function wake(queue: Queue): Promise<void> {
    queue.wake = undefined;
    const next = rows.nextVisible.get(queue.arn, now()) as { time: number | null };
    if (next.time !== null) wakeAt(queue, next.time);
    await Promise.all([...queue.listeners].map((listener) => listener()));
  }

  function moveWornOut({ arn, settings: { redrive } }: Queue): void {
    if (!redrive) return;
    const { deadLetterArn: to, maxReceiveCount: count } = redrive;
    const { changes } = rows.moveWorn.run({ from: arn, to, count, now: now() });
    if (changes > 0) wakeAt(queueOf(to), now());
  }

  return {
    /** Makes the queue known and returns its ARN; messages of an earlier run are there again. */
    create(settings: QueueSettings): string {
      const arn = `arn:aws:sqs:${runtime.region}:${runtime.account}:${settings.name}`;
      queues.set(arn, { settings, arn, listeners: new Set(), wake: undefined });
      return arn;
    },

    list: () => [...queues.values()].map(({ arn, settings }) => ({ arn, settings })),
    settings: (arn: string) => queueOf(arn).settings,

    send(arn: string, message: OutgoingMessage): { messageId: string } {
      const queue = queueOf(arn);
      const attributes = JSON.stringify(message.attributes ?? {});
      if (Buffer.byteLength(message.body) + Buffer.byteLength(attributes) > queue.settings.maximumSize) {
        const text = `a message of ${queue.settings.name} may have ${queue.settings.maximumSize} bytes`;
        throw new ServiceError('InvalidParameterValue', text);
      }
      const messageId = randomUUID();
      const visibleAt = now() + (message.delay ?? queue.settings.delay) * 1000;
      rows.insert.run(messageId, arn, message.body, attributes, message.sender ?? '', now(), visibleAt);
      wakeAt(queue, visibleAt);
      return { messageId };
    },

    /** Up to `max` visible messages, hidden from now on for `visibilityTimeout` seconds. Moves worn-out ones to the dead letters. */
    receive(arn: string, max: number, visibilityTimeout?: number): ReceivedMessage[] {
      const queue = queueOf(arn);
      const visibleAgain = now() + (visibilityTimeout ?? queue.settings.visibilityTimeout) * 1000;
      rows.expire.run(arn, now() - queue.settings.retention * 1000);
      moveWornOut(queue);
      const received = (rows.visible.all(arn, now(), max) as unknown as Row[]).map((row) => {
        const receiptHandle = `${row.id}.${randomUUID()}`;
        const firstReceivedAt = row.first_received_at ?? now();
        rows.receive.run(visibleAgain, firstReceivedAt, receiptHandle, row.id);
        return messageOf(row, receiptHandle, firstReceivedAt);
      });
      if (received.length > 0) wakeAt(queue, visibleAgain);
      return received;
    },

    /** Deletes what this receipt was given for; nothing if another receive happened since. */
    delete(arn: string, receiptHandle: string): void {
      rows.delete.run(queueOf(arn).arn, checkedReceipt(receiptHandle));
    },

    /** Shows a received message again in `seconds`. Throws `MessageNotInflight` when it is visible already. */
    changeVisibility(arn: string, receiptHandle: string, seconds: number): void {
      const queue = queueOf(arn);
      const visibleAt = now() + seconds * 1000;
      const { changes } = rows.hide.run(visibleAt, arn, checkedReceipt(receiptHandle), now());
      if (changes === 0)
        throw new ServiceError('MessageNotInflight', 'the message of that receipt handle is not in flight');
      wakeAt(queue, visibleAt);
    },

    purge(arn: string): void {
      rows.purge.run(queueOf(arn).arn);
    },

    counts(arn: string): { visible: number; inFlight: number; delayed: number; oldestSentAt: number | null } {
      const queue = queueOf(arn);
      rows.expire.run(arn, now() - queue.settings.retention * 1000);
      return rows.counts.get({ arn, now: now() }) as ReturnType<Queues['counts']>;
    },

    /**
     * Calls `listener` now and whenever messages become visible, whether sent, delayed or returned.
     * It is not called again for messages it left behind: who stops early looks again by itself.
     */
    onVisible(arn: string, listener: () => void | Promise<void>): { cancel(): void } {
      const queue = queueOf(arn);
      queue.listeners.add(listener);
      wakeAt(queue, now());
      return {
        cancel() {
          queue.listeners.delete(listener);
        },
      };
    },

    /** What SQS tells CloudWatch each minute. */
    measurements(): Measurement[] {
      return [...queues.values()].flatMap((queue) => {
        const { visible, inFlight, delayed, oldestSentAt } = this.counts(queue.arn);
        const age = oldestSentAt === null ? 0 : Math.floor((now() - oldestSentAt) / 1000);
        const of = (name: string, value: number, unit: string): Measurement => ({
          namespace: 'AWS/SQS',
          name,
          dimensions: { QueueName: queue.settings.name },
          unit,
          values: [value],
        });
        return [
          of('ApproximateNumberOfMessagesVisible', visible, 'Count'),
          of('ApproximateNumberOfMessagesNotVisible', inFlight, 'Count'),
          of('ApproximateNumberOfMessagesDelayed', delayed, 'Count'),
          of('ApproximateAgeOfOldestMessage', age, 'Seconds'),
        ];
      });
    },

    close(): void {
      for (const queue of queues.values()) queue.wake?.cancel();
      rows.close();
    },
  };
}

function checkedReceipt(receiptHandle: string): string {
  if (!/^[0-9a-f-]{36}\.[0-9a-f-]{36}$/.test(receiptHandle))
    throw new ServiceError('ReceiptHandleIsInvalid', 'the receipt handle is not one of this queue');
  return receiptHandle;
}
