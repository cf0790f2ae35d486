import type { Runtime } from '../service.ts';
import { openDatabase } from './database.ts';
import type { Item } from './dynamodb-engine.ts';

/** Items are deleted on the first whole minute after they expire; DynamoDB itself takes up to days. */
const sweepEvery = 60_000;

const schema = `
  CREATE TABLE IF NOT EXISTS settings (tab TEXT PRIMARY KEY, attribute TEXT NOT NULL, keys TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS expiries (tab TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tab, key));
  CREATE INDEX IF NOT EXISTS due ON expiries (at);
`;

interface Settings {
  attribute: string;
  /** Names of the table's key attributes. */
  keys: string[];
}

export interface Expiry {
  /** Epoch seconds, as in the attribute. */
  now: number;
  table: string;
  attribute: string;
  key: Item;
}

/**
 * When items with a time to live expire: a table of its own, so that nothing is scanned.
 * @param expire deletes the item if the attribute still says so
 */
export function trackExpiry(runtime: Runtime, expire: (expiry: Expiry) => Promise<void>) {
  const database = openDatabase(runtime, 'dynamodb-expiry', schema);
  const write = database.prepare('INSERT OR REPLACE INTO expiries (tab, key, at) VALUES (?, ?, ?)');
  const nextDue = database.prepare('SELECT MIN(at) AS at FROM expiries');
  const allDue = database.prepare('SELECT tab, key FROM expiries WHERE at <= ?');
  const remove = database.prepare('DELETE FROM expiries WHERE tab = ? AND key = ?');
  const enable = database.prepare('INSERT OR REPLACE INTO settings (tab, attribute, keys) VALUES (?, ?, ?)');
  const disable = database.prepare('DELETE FROM settings WHERE tab = ?');
  const settings = new Map<string, Settings>(
    (
      database.prepare('SELECT * FROM settings').all() as { tab: string; attribute: string; keys: string }[]
    ).map(({ tab, attribute, keys }) => [tab, { attribute, keys: JSON.parse(keys) as string[] }]),
  );
  let next = { time: Number.POSITIVE_INFINITY, cancel: () => {} };

  function schedule(): void {
    const { at } = nextDue.get() as { at: number | null };
    if (at !== null) sweepAt(Math.ceil((at * 1000) / sweepEvery) * sweepEvery);
  }

  function sweepAt(time: number): void {
    if (next.time <= time) return;
    next.cancel();
    const due = runtime.clock.at(time, sweep);
    next = { time, cancel: () => due.cancel() };
  }

  async function sweep(): Promise<void> {
    next = { time: Number.POSITIVE_INFINITY, cancel: () => {} };
    const now = Math.floor(runtime.clock.now() / 1000);
    for (const { tab, key } of allDue.all(now) as { tab: string; key: string }[]) {
      const attribute = settings.get(tab)?.attribute;
      remove.run(tab, key);
      if (attribute) await expire({ table: tab, attribute, key: JSON.parse(key) as Item, now });
    }
    schedule();
  }

  schedule();

  return {
    attributeOf: (table: string): string | undefined => settings.get(table)?.attribute,

    enable(table: string, attribute: string, keys: string[]): void {
      settings.set(table, { attribute, keys });
      enable.run(table, attribute, JSON.stringify(keys));
    },

    disable(table: string): void {
      settings.delete(table);
      disable.run(table);
    },

    wrote(table: string, item: Item): void {
      const known = settings.get(table);
      const seconds = Number(known && item[known.attribute]?.N);
      if (!known || Number.isNaN(seconds)) return;
      const key = Object.fromEntries(known.keys.map((name) => [name, item[name]]));
      write.run(table, JSON.stringify(key), seconds);
      sweepAt(Math.ceil((seconds * 1000) / sweepEvery) * sweepEvery);
    },

    close(): void {
      next.cancel();
      database.close();
    },
  };
}
