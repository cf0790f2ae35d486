import type { Runtime } from '../service.ts';
import type { Alarm, AlarmStatus } from './alarm.ts';
import { openDatabase } from './database.ts';

export interface HistoryItem {
  alarm: string;
  kind: Alarm['kind'];
  at: number;
  type: 'StateUpdate' | 'ConfigurationUpdate' | 'Action';
  summary: string;
}

const schema = `
  CREATE TABLE IF NOT EXISTS statuses (alarm TEXT PRIMARY KEY, status TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS history (alarm TEXT NOT NULL, at INTEGER NOT NULL, item TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS by_time ON history (at);
`;

/** Days of history; as CloudWatch. */
const historyDays = 30;

/** What of alarms survives a restart: where they stand, and their history. */
export function openAlarmStates(runtime: Runtime) {
  const database = openDatabase(runtime, 'alarms', schema);
  const write = database.prepare('INSERT OR REPLACE INTO statuses (alarm, status) VALUES (?, ?)');
  const read = database.prepare('SELECT status FROM statuses WHERE alarm = ?');
  const forget = database.prepare('DELETE FROM statuses WHERE alarm = ?');
  const append = database.prepare('INSERT INTO history (alarm, at, item) VALUES (?, ?, ?)');
  const trim = database.prepare('DELETE FROM history WHERE at < ?');
  const items = database.prepare(
    'SELECT item FROM history WHERE at >= ? AND at <= ? ORDER BY at DESC, rowid DESC',
  );
  return {
    write(alarm: string, status: AlarmStatus): void {
      write.run(alarm, JSON.stringify(status));
    },
    read(alarm: string): AlarmStatus | undefined {
      const row = read.get(alarm) as { status: string } | undefined;
      return row && (JSON.parse(row.status) as AlarmStatus);
    },
    forget(alarm: string): void {
      forget.run(alarm);
    },
    remember(item: HistoryItem): void {
      trim.run(item.at - historyDays * 86_400_000);
      append.run(item.alarm, item.at, JSON.stringify(item));
    },
    /** Newest first, `from` and `to` in epoch milliseconds, both inclusive. */
    history(from: number, to: number): HistoryItem[] {
      return (items.all(from, to) as { item: string }[]).map(({ item }) => JSON.parse(item) as HistoryItem);
    },
    close: () => database.close(),
  };
}
