import { createHash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type Runtime, ServiceError } from '../service.ts';
import { openDatabase } from './database.ts';
import type { Measurement } from './metric-store.ts';

export interface MessageAttribute {
  DataType: string;
  StringValue?: string | undefined;
  /** Base64. */
  BinaryValue?: string | undefined;
}

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

export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  /** System attributes: SentTimestamp, ApproximateReceiveCount, … */
  attributes: Record<string, string>;
  messageAttributes: Record<string, MessageAttribute>;
}

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

interface Row {
  id: string;
  body: string;
  attributes: string;
  sender: string;
  sent_at: number;
  receive_count: number;
  first_received_at: number | null;
  source_arn: string | null;
}

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY, queue TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL, sender TEXT NOT NULL,
    sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receive_count INTEGER NOT NULL DEFAULT 0,
    first_received_at INTEGER, receipt TEXT, source_arn TEXT
  );
  CREATE INDEX IF NOT EXISTS visible ON messages (queue, visible_at);
  CREATE UNIQUE INDEX IF NOT EXISTS receipts ON messages (receipt);
`;

export type Queues = ReturnType<typeof openQueues>;

/** Queues on the runtime's clock. Messages are rows, so that they survive a restart; queues come from the template. */
export function openQueues(runtime: Runtime) {
  const database = openDatabase(runtime, 'sqs', schema);
  const rows = prepare(database);
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

  function moveToDeadLetters(row: Row, from: Queue, to: string): void {
    rows.move.run(to, now(), from.arn, row.id);
    wakeAt(queueOf(to), now());
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
      const { redrive, retention } = queue.settings;
      const visibleAgain = now() + (visibilityTimeout ?? queue.settings.visibilityTimeout) * 1000;
      rows.expire.run(arn, now() - retention * 1000);
      const received: ReceivedMessage[] = [];
      for (const row of rows.visible.all(arn, now()) as unknown as Row[]) {
        if (received.length === max) break;
        if (redrive && row.receive_count >= redrive.maxReceiveCount) {
          moveToDeadLetters(row, queue, redrive.deadLetterArn);
          continue;
        }
        const receiptHandle = `${row.id}.${randomUUID()}`;
        const firstReceivedAt = row.first_received_at ?? now();
        rows.receive.run(visibleAgain, firstReceivedAt, receiptHandle, row.id);
        received.push(messageOf(row, receiptHandle, firstReceivedAt));
      }
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
      database.close();
    },
  };
}

const prepare = (database: DatabaseSync) => ({
  insert: database.prepare(
    'INSERT INTO messages (id, queue, body, attributes, sender, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ),
  visible: database.prepare(
    'SELECT * FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, rowid',
  ),
  receive: database.prepare(
    'UPDATE messages SET visible_at = ?, first_received_at = ?, receipt = ?, receive_count = receive_count + 1 WHERE id = ?',
  ),
  move: database.prepare(
    'UPDATE messages SET queue = ?, visible_at = ?, receive_count = 0, receipt = NULL, source_arn = ? WHERE id = ?',
  ),
  delete: database.prepare('DELETE FROM messages WHERE queue = ? AND receipt = ?'),
  hide: database.prepare(
    'UPDATE messages SET visible_at = ? WHERE queue = ? AND receipt = ? AND visible_at > ?',
  ),
  purge: database.prepare('DELETE FROM messages WHERE queue = ?'),
  expire: database.prepare('DELETE FROM messages WHERE queue = ? AND sent_at <= ?'),
  nextVisible: database.prepare(
    'SELECT MIN(visible_at) AS time FROM messages WHERE queue = ? AND visible_at > ?',
  ),
  counts: database.prepare(`
    SELECT COUNT(*) FILTER (WHERE visible_at <= :now) AS visible,
      COUNT(*) FILTER (WHERE visible_at > :now AND receive_count > 0) AS inFlight,
      COUNT(*) FILTER (WHERE visible_at > :now AND receive_count = 0) AS delayed,
      MIN(sent_at) AS oldestSentAt
    FROM messages WHERE queue = :arn`),
});

function messageOf(row: Row, receiptHandle: string, firstReceivedAt: number): ReceivedMessage {
  return {
    messageId: row.id,
    receiptHandle,
    body: row.body,
    md5OfBody: createHash('md5').update(row.body).digest('hex'),
    attributes: {
      SenderId: row.sender,
      SentTimestamp: String(row.sent_at),
      ApproximateReceiveCount: String(row.receive_count + 1),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      ...(row.source_arn && { DeadLetterQueueSourceArn: row.source_arn }),
    },
    messageAttributes: JSON.parse(row.attributes) as Record<string, MessageAttribute>,
  };
}

function checkedReceipt(receiptHandle: string): string {
  if (!/^[0-9a-f-]{36}\.[0-9a-f-]{36}$/.test(receiptHandle))
    throw new ServiceError('ReceiptHandleIsInvalid', 'the receipt handle is not one of this queue');
  return receiptHandle;
}
