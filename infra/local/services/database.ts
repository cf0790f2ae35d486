import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Runtime } from '../service.ts';

/**
 * A service's own SQLite database: `<stateDir>/<name>.sqlite`, or memory.
 * A crash of the process loses nothing; one of the machine may lose the last seconds, which a local runtime accepts for speed.
 */
export function openDatabase(runtime: Runtime, name: string, schema: string): DatabaseSync {
  if (runtime.stateDir) mkdirSync(runtime.stateDir, { recursive: true });
  const database = new DatabaseSync(runtime.stateDir ? join(runtime.stateDir, `${name}.sqlite`) : ':memory:');
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${schema}`);
  return database;
}
