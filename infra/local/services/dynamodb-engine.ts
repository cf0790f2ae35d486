import { createRequire } from 'node:module';
import { type Answer, type Runtime, ServiceError } from '../service.ts';

/**
 * dynalite's engine without its HTTP server. It has no types and answers by callback; everything that knows its
 * insides is in this file: how it names keys in its one LevelDB, and how a store is watched or held back.
 */

export type Item = Record<string, Record<string, unknown>>;
type Callback = (error: EngineError | null, value?: unknown) => void;

interface EngineError extends Error {
  statusCode?: number;
  body?: { __type: string; message?: string; Message?: string };
}

/** One table's items, or one index. */
interface Part {
  get(key: string, callback: Callback): void;
  put(key: string, value: Item, callback: Callback): void;
  del(key: string, callback: Callback): void;
}

interface Change {
  type: 'put' | 'del';
  key: string;
  value?: Item;
}

export interface Store {
  db: { batch(changes: Change[], callback: Callback): void; close(callback: Callback): void };
  tableDb: { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): Part;
  getIndexDb(type: string, table: string, index: string): Part;
}

interface Validation {
  types: Record<string, unknown>;
  custom: unknown;
}

const require = createRequire(import.meta.url);
const { create } = require('dynalite/db') as { create(options: object): Store };
const { checkTypes, checkValidations } = require('dynalite/validations') as {
  checkTypes(data: unknown, types: unknown): Record<string, unknown>;
  checkValidations(data: unknown, types: unknown, custom: unknown, store: Store): void;
};
const operations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;
export type EngineOperation = (typeof operations)[number];

const loaded = Object.fromEntries(
  operations.map((operation) => {
    const file = operation[0]!.toLowerCase() + operation.slice(1);
    const act = require(`dynalite/actions/${file}`) as (
      store: Store,
      data: unknown,
      callback: Callback,
    ) => void;
    return [operation, { act, validation: require(`dynalite/validations/${file}`) as Validation }];
  }),
);

export const isEngineOperation = (name: string): name is EngineOperation => Object.hasOwn(loaded, name);

/** Opens tables under `path`, or in memory. */
export function openStore(runtime: Runtime, path: string | undefined): Store {
  const store = create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  store.tableDb.awsAccountId = runtime.account;
  store.tableDb.awsRegion = runtime.region;
  return store;
}

/** Runs one operation. Throws `ServiceError`. */
export async function run(store: Store, operation: EngineOperation, input: Answer): Promise<Answer> {
  const { act, validation } = loaded[operation]!;
  const unknown = Object.keys(input).find((name) => !Object.hasOwn(validation.types, name));
  if (unknown)
    throw new ServiceError(
      'ValidationException',
      `${operation}: the local runtime does not support ${unknown}`,
    );
  try {
    const data = checkTypes(structuredClone(input), validation.types);
    checkValidations(data, validation.types, validation.custom, store);
    return (await called((callback) => act(store, data, callback))) as Answer;
  } catch (error) {
    throw asServiceError(error as EngineError);
  }
}

function asServiceError(error: EngineError): Error {
  if (!error.body) return error;
  const code = error.body.__type.replace(/^.*#/, '');
  return new ServiceError(code, error.body.message ?? error.body.Message ?? '', error.statusCode);
}

function called(start: (callback: Callback) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}

/** What an operation touches. */
export interface Watcher {
  /** Before a write: the item as it was. */
  read?(table: string, key: string, item: Item | undefined): void;
  wrote?(table: string, item: Item): void;
}

/** The same store, with somebody looking on. */
export function watched(store: Store, watcher: Watcher): Store {
  return {
    ...store,
    getItemDb(table) {
      const part = store.getItemDb(table);
      return {
        ...part,
        get: (key, callback) =>
          part.get(key, (error, item) => {
            watcher.read?.(table, key, item as Item | undefined);
            callback(error, item);
          }),
        put: (key, item, callback) =>
          part.put(key, item, (error) => {
            if (!error) watcher.wrote?.(table, item);
            callback(error);
          }),
      };
    },
  };
}

export interface HeldBack {
  /** Reads as before and keeps every change to itself. */
  store: Store;
  /** Applies the changes, all or none, also when the process dies meanwhile. */
  commit(): Promise<void>;
}

/** A store whose changes wait for `commit`. It does not see them itself. */
export function heldBack(store: Store): HeldBack {
  const changes: Change[] = [];
  const holding = (part: Part, prefix: string): Part => ({
    ...part,
    put(key, value, callback) {
      changes.push({ type: 'put', key: prefix + key, value });
      callback(null);
    },
    del(key, callback) {
      changes.push({ type: 'del', key: prefix + key });
      callback(null);
    },
  });
  return {
    store: {
      ...store,
      getItemDb: (table) => holding(store.getItemDb(table), `item-${table}~`),
      getIndexDb: (type, table, index) =>
        holding(store.getIndexDb(type, table, index), `index-${type.toLowerCase()}~${table}~${index}~`),
    },
    commit: async () => {
      await called((callback) => store.db.batch(changes, callback));
    },
  };
}

export async function closeStore(store: Store): Promise<void> {
  await called((callback) => store.db.close(callback));
}
