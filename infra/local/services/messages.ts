import { createHash } from 'node:crypto';
import type { Runtime } from '../service.ts';
import { openDatabase } from './database.ts';

export interface MessageAttribute {
  DataType: string;
  StringValue?: string | undefined;
  /** Base64. */
  BinaryValue?: string | undefined;
}

export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  /** System attributes: SentTimestamp, ApproximateReceiveCount, … */
  attributes: Record<string, string>;
  messageAttributes: Record<string, MessageAttribute>;
}

export interface Row {
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
  CREATE INDEX IF NOT EXISTS sent ON messages (queue, sent_at);
  CREATE INDEX IF NOT EXISTS worn ON messages (queue, receive_count);
  CREATE UNIQUE INDEX IF NOT EXISTS receipts ON messages (receipt);
`;

/** The messages of all queues, and what happens to them. */
export function openMessages(runtime: Runtime) {
  const database = openDatabase(runtime, 'sqs', schema);
  return {
    insert: database.prepare(
      'INSERT INTO messages (id, queue, body, attributes, sender, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    visible: database.prepare(
      'SELECT * FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, rowid LIMIT ?',
    ),
    receive: database.prepare(
      'UPDATE messages SET visible_at = ?, first_received_at = ?, receipt = ?, receive_count = receive_count + 1 WHERE id = ?',
    ),
    /** All that are visible and were received so often. */
    moveWorn: database.prepare(`
      UPDATE messages SET queue = :to, visible_at = :now, receive_count = 0, receipt = NULL, source_arn = :from
      WHERE queue = :from AND visible_at <= :now AND receive_count >= :count`),
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
    close: () => database.close(),
  };
}

/** What a receiver gets of a row. */
export function messageOf(row: Row, receiptHandle: string, firstReceivedAt: number): ReceivedMessage {
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
