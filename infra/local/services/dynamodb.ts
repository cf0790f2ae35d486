import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';
import { type Answer, type Call, type Runtime, type Service, ServiceError } from '../service.ts';
import {
  closeStore,
  type EngineOperation,
  type Item,
  isEngineOperation,
  openStore,
  run,
  type Store,
  watched,
} from './dynamodb-engine.ts';
import { type Expiry, trackExpiry } from './dynamodb-expiry.ts';
import { transactions } from './dynamodb-transactions.ts';
import { createGate } from './gate.ts';
import { type Operation, operation } from './operations.ts';
import { flag } from './wire.ts';

/** The properties of AWS::DynamoDB::Table that have an effect here; others may be there. */
export interface TableSettings {
  TableName: string;
  KeySchema: { AttributeName: string; KeyType: string }[];
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: Answer[] | undefined;
  LocalSecondaryIndexes?: Answer[] | undefined;
  TimeToLiveSpecification?: { AttributeName: string; Enabled: boolean } | undefined;
}

export interface DynamoDb extends Service {
  /** Creates the table, or takes the one on disk if it has the same keys and indexes. Returns its ARN; known before it resolves. */
  createTable(settings: TableSettings): Promise<string>;
  arnOf(table: string): string;
  close(): Promise<void>;
}

const writes: string[] = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

/** DynamoDB: dynalite's engine with transactions, time to live and what else it lacks. */
export function createDynamoDb(runtime: Runtime): DynamoDb {
  const store = openStore(runtime, storePath(runtime.stateDir));
  const gate = createGate();
  const expiry = trackExpiry(runtime, deleteExpired);
  const { TransactWriteItems, TransactGetItems } = transactions(runtime, store, expiry.wrote);
  const own: Record<string, Operation> = {
    TransactWriteItems: (input, call) => gate.alone(async () => TransactWriteItems(input, call)),
    TransactGetItems: (input, call) => gate.alone(async () => TransactGetItems(input, call)),
    ...timeToLiveOperations(store, expiry),
    ...backupOperations(),
  };

  async function handle({ operation: name, input, caller }: Call): Promise<Answer> {
    const ownOperation = Object.hasOwn(own, name) ? own[name] : undefined;
    if (ownOperation) return ownOperation(input, { operation: name, input, caller });
    if (!isEngineOperation(name))
      throw new ServiceError('UnknownOperationException', `the local DynamoDB does not offer ${name}`);
    if (writes.includes(name)) return gate.shared(() => writeOne(store, name, input, expiry.wrote));
    const answer = await run(store, name, input);
    if (name === 'CreateTable') await active(store, String(input.TableName));
    return answer;
  }

  async function deleteExpired({ table, key, attribute, now }: Expiry): Promise<void> {
    const deletion = {
      TableName: table,
      Key: key,
      ConditionExpression: '#expiry <= :now',
      ExpressionAttributeNames: { '#expiry': attribute },
      ExpressionAttributeValues: { ':now': { N: String(now) } },
    };
    try {
      await gate.shared(() => run(store, 'DeleteItem', deletion));
    } catch (error) {
      const gone = ['ConditionalCheckFailedException', 'ResourceNotFoundException'];
      if (!(error instanceof ServiceError && gone.includes(error.code))) throw error;
    }
  }

  const arnOf = (table: string) => `arn:aws:dynamodb:${runtime.region}:${runtime.account}:table/${table}`;

  return {
    handle,
    arnOf,
    async createTable(settings) {
      const { TableName, TimeToLiveSpecification: timeToLive } = settings;
      await createOrKeep(store, settings);
      const keys = settings.KeySchema.map(({ AttributeName }) => AttributeName);
      if (timeToLive?.Enabled)
        await enableExpiry(store, expiry, TableName, { attribute: timeToLive.AttributeName, keys });
      else expiry.disable(TableName);
      return arnOf(TableName);
    },
    async close() {
      expiry.close();
      await closeStore(store);
    },
  };
}

function storePath(stateDir: string | undefined): string | undefined {
  if (!stateDir) return undefined;
  mkdirSync(stateDir, { recursive: true });
  return join(stateDir, 'dynamodb');
}

type Wrote = (table: string, item: Item) => void;

/** A write with `ReturnValuesOnConditionCheckFailure`, which the engine lacks. */
async function writeOne(store: Store, name: EngineOperation, input: Answer, wrote: Wrote): Promise<Answer> {
  const { ReturnValuesOnConditionCheckFailure: returned, ...rest } = input;
  let before: Item | undefined;
  const read = (_table: string, _key: string, item: Item | undefined) => {
    before = item;
  };
  try {
    return await run(watched(store, { read, wrote }), name, rest);
  } catch (error) {
    if (returned !== 'ALL_OLD' || !(error instanceof ServiceError) || !before) throw error;
    if (error.code !== 'ConditionalCheckFailedException') throw error;
    throw new ServiceError(error.code, error.message, error.status, { Item: before });
  }
}

async function createOrKeep(store: Store, settings: TableSettings): Promise<void> {
  const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
    settings;
  const table = {
    TableName,
    KeySchema,
    AttributeDefinitions,
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
    ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
  };
  const existing = await described(store, TableName);
  if (existing && shapeOf(existing) === shapeOf(table)) return;
  if (existing)
    throw new Error(`table ${TableName} on disk has other keys or indexes: start with --fresh to begin anew`);
  await run(store, 'CreateTable', { ...table, BillingMode: 'PAY_PER_REQUEST' });
  await active(store, TableName);
}

async function described(store: Store, table: string): Promise<Answer | undefined> {
  try {
    return (await run(store, 'DescribeTable', { TableName: table })).Table as Answer;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Keys and indexes of a table, comparable. */
function shapeOf(table: Answer): string {
  const indexes = (list: unknown) =>
    ((list ?? []) as Answer[])
      .map(({ IndexName, KeySchema, Projection }) => JSON.stringify({ IndexName, KeySchema, Projection }))
      .sort();
  const attributes = (table.AttributeDefinitions as Answer[]).map(
    ({ AttributeName, AttributeType }) => `${AttributeName}:${AttributeType}`,
  );
  return JSON.stringify({
    keys: table.KeySchema,
    attributes: attributes.sort(),
    global: indexes(table.GlobalSecondaryIndexes),
    local: indexes(table.LocalSecondaryIndexes),
  });
}

/** The engine makes a table usable a moment after it answered. */
async function active(store: Store, table: string): Promise<void> {
  for (;;) {
    if ((await described(store, table))?.TableStatus === 'ACTIVE') return;
    await setTimeout(1);
  }
}

type ExpiryTracker = ReturnType<typeof trackExpiry>;

/** Also items that are there already are looked through, once. */
async function enableExpiry(
  store: Store,
  expiry: ExpiryTracker,
  table: string,
  { attribute, keys }: { attribute: string; keys: string[] },
): Promise<void> {
  if (expiry.attributeOf(table) === attribute) return;
  expiry.enable(table, attribute, keys);
  for (let start: unknown, first = true; first || start; first = false) {
    const page = await run(store, 'Scan', {
      TableName: table,
      ...(start ? { ExclusiveStartKey: start } : {}),
    });
    for (const item of page.Items as Item[]) expiry.wrote(table, item);
    start = page.LastEvaluatedKey;
  }
}

function timeToLiveOperations(store: Store, expiry: ExpiryTracker): Record<string, Operation> {
  const specification = z.strictObject({ AttributeName: z.string().check(z.minLength(1)), Enabled: flag() });
  return {
    UpdateTimeToLive: operation(
      { TableName: z.string(), TimeToLiveSpecification: specification },
      async ({ TableName, TimeToLiveSpecification }) => {
        const { Table } = (await run(store, 'DescribeTable', { TableName })) as { Table: TableSettings };
        const keys = Table.KeySchema.map(({ AttributeName }) => AttributeName);
        const attribute = TimeToLiveSpecification.AttributeName;
        if (TimeToLiveSpecification.Enabled)
          await enableExpiry(store, expiry, TableName, { attribute, keys });
        else expiry.disable(TableName);
        return { TimeToLiveSpecification };
      },
    ),
    DescribeTimeToLive: operation({ TableName: z.string() }, async ({ TableName }) => {
      await run(store, 'DescribeTable', { TableName });
      const AttributeName = expiry.attributeOf(TableName);
      return {
        TimeToLiveDescription: AttributeName
          ? { TimeToLiveStatus: 'ENABLED', AttributeName }
          : { TimeToLiveStatus: 'DISABLED' },
      };
    }),
  };
}

/** Point-in-time recovery: the setting is kept, nothing is backed up. */
function backupOperations(): Record<string, Operation> {
  const enabled = new Set<string>();
  const describe = (table: string): Answer => ({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: enabled.has(table) ? 'ENABLED' : 'DISABLED',
      },
    },
  });
  return {
    UpdateContinuousBackups: operation(
      {
        TableName: z.string(),
        PointInTimeRecoverySpecification: z.strictObject({ PointInTimeRecoveryEnabled: flag() }),
      },
      ({ TableName, PointInTimeRecoverySpecification }) => {
        if (PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled) enabled.add(TableName);
        else enabled.delete(TableName);
        return describe(TableName);
      },
    ),
    DescribeContinuousBackups: operation({ TableName: z.string() }, ({ TableName }) => describe(TableName)),
  };
}
