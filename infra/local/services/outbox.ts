import type { Runtime } from '../service.ts';
import { openDatabase } from './database.ts';

/** A notification that left the runtime, or would have. */
export interface OutboxEntry {
  /** Id of the channel; `ses`, `sns-email`, `sns-sms`, … where there is none. */
  channel: string;
  /** Addresses, or the kind of receiver. */
  to: string[];
  subject: string | undefined;
  /** What a person reads. */
  text: string;
  /** ISO 8601. */
  at: string;
  /** As it was sent, without the real address of a webhook, which is a secret. */
  request: unknown;
  response: OutboxResponse;
}

export interface OutboxResponse {
  /** HTTP status or SMTP reply code. */
  status: number;
  body: string;
  /** Kept here only, or passed on to the real receiver. */
  delivery: 'captured' | 'forwarded';
}

/** The oldest entries beyond are forgotten. */
const maxEntries = 1000;

export type Outbox = ReturnType<typeof createOutbox>;

/** Every notification in the order in which it was answered. Survives a restart. */
export function createOutbox(runtime: Runtime) {
  const database = openDatabase(
    runtime,
    'outbox',
    'CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL)',
  );
  const insert = database.prepare('INSERT INTO entries (entry) VALUES (?)');
  const trim = database.prepare('DELETE FROM entries WHERE id <= ?');
  const all = database.prepare('SELECT entry FROM entries ORDER BY id');
  return {
    record(entry: Omit<OutboxEntry, 'at'>): void {
      const at = new Date(runtime.clock.now()).toISOString();
      const { lastInsertRowid } = insert.run(JSON.stringify({ ...entry, at }));
      trim.run(Number(lastInsertRowid) - maxEntries);
    },

    /** Oldest first. */
    list: (): OutboxEntry[] =>
      (all.all() as { entry: string }[]).map(({ entry }) => JSON.parse(entry) as OutboxEntry),

    close: () => database.close(),
  };
}
