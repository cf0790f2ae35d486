import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTimeToLiveCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceError } from '../../../infra/local/service.ts';
import { createDynamoDb, type DynamoDb } from '../../../infra/local/services/dynamodb.ts';
import { startOfTest, type TestRuntime, testRuntime } from '../../support/local-runtime.ts';

const table = {
  TableName: 'incidents',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['pk', 'sk', 'listPk', 'listSk'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'list',
      KeySchema: [
        { AttributeName: 'listPk', KeyType: 'HASH' },
        { AttributeName: 'listSk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};
const TableName = table.TableName;
const nowSeconds = startOfTest / 1000;

/** The endpoint's part: JSON in, JSON or a refusal out. */
function serve(service: DynamoDb): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const answer = await Promise.resolve(
      service.handle({ operation, input: JSON.parse(body), caller: 'test' }),
    ).then(
      (output) => ({ status: 200, output }),
      (error: ServiceError) => ({
        status: error.status,
        output: { __type: error.code, message: error.message, ...error.members },
      }),
    );
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.output));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

let runtime: TestRuntime;
let service: DynamoDb;
let server: Server;
let raw: DynamoDBClient;
let client: DynamoDBDocumentClient;

beforeEach(async () => {
  runtime = testRuntime();
  service = createDynamoDb(runtime);
  await service.createTable(table);
  server = await serve(service);
  raw = new DynamoDBClient({
    region: runtime.region,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  client = DynamoDBDocumentClient.from(raw);
});

afterEach(async () => {
  raw.destroy();
  server.close();
  await service.close();
});

const put = (Item: Record<string, unknown>) => client.send(new PutCommand({ TableName, Item }));
const get = async (pk: string, sk = 'A') =>
  (await client.send(new GetCommand({ TableName, Key: { pk, sk } }))).Item;
const putIfNew = (pk: string, extra: object = {}) => ({
  Put: { TableName, Item: { pk, sk: 'A', ...extra }, ConditionExpression: 'attribute_not_exists(pk)' },
});

describe('single writes', () => {
  it('answers the item that stood in the way, when asked for it', async () => {
    await put({ pk: '1', sk: 'A', owner: 'first' });

    const refused = client.send(
      new PutCommand({
        TableName,
        Item: { pk: '1', sk: 'A', owner: 'second' },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );

    await expect(refused).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { pk: { S: '1' }, sk: { S: 'A' }, owner: { S: 'first' } },
    });
  });

  it('refuses a parameter it would ignore, by name', async () => {
    const input = { TableName, Key: { pk: { S: '1' }, sk: { S: 'A' } }, Durability: 'high' };

    await expect(service.handle({ operation: 'GetItem', input, caller: undefined })).rejects.toThrow(
      /Durability/,
    );
  });

  it('finds items by a sparse index in order', async () => {
    await put({ pk: '1', sk: 'A', listPk: 'ALL', listSk: '2026-11-20' });
    await put({ pk: '2', sk: 'A', listPk: 'ALL', listSk: '2026-11-19' });
    await put({ pk: '3', sk: 'A' });

    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'list',
        KeyConditionExpression: 'listPk = :all',
        ExpressionAttributeValues: { ':all': 'ALL' },
      }),
    );

    expect(Items?.map(({ pk }) => pk)).toEqual(['2', '1']);
  });
});

describe('transactions', () => {
  it('writes everything, indexes included', async () => {
    await put({ pk: 'counter', sk: 'A', count: 1 });
    await put({ pk: 'old', sk: 'A' });

    await client.send(
      new TransactWriteCommand({
        TransactItems: [
          putIfNew('new', { listPk: 'ALL', listSk: '1' }),
          {
            Update: {
              TableName,
              Key: { pk: 'counter', sk: 'A' },
              UpdateExpression: 'ADD #count :one',
              ExpressionAttributeNames: { '#count': 'count' },
              ExpressionAttributeValues: { ':one': 1 },
            },
          },
          { Delete: { TableName, Key: { pk: 'old', sk: 'A' } } },
          {
            ConditionCheck: {
              TableName,
              Key: { pk: 'absent', sk: 'A' },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ],
      }),
    );

    expect(await get('new')).toMatchObject({ listPk: 'ALL' });
    expect(await get('counter')).toMatchObject({ count: 2 });
    expect(await get('old')).toBeUndefined();
  });

  it('writes nothing when one condition fails, and says which and why', async () => {
    await put({ pk: 'taken', sk: 'A', owner: 'first' });

    const refused = client.send(
      new TransactWriteCommand({
        TransactItems: [
          putIfNew('free'),
          { Put: { ...putIfNew('taken').Put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
        ],
      }),
    );

    await expect(refused).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Item: { owner: { S: 'first' }, pk: { S: 'taken' }, sk: { S: 'A' } },
        },
      ],
    });
    expect(await get('free')).toBeUndefined();
  });

  it('keeps a checked item as it is', async () => {
    await put({ pk: 'guard', sk: 'A', open: true });

    await client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            ConditionCheck: {
              TableName,
              Key: { pk: 'guard', sk: 'A' },
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
          putIfNew('other'),
        ],
      }),
    );

    expect(await get('guard')).toMatchObject({ open: true });
  });

  it('refuses two actions on one item', async () => {
    const refused = client.send(new TransactWriteCommand({ TransactItems: [putIfNew('1'), putIfNew('1')] }));

    await expect(refused).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('does a repeated request once, and refuses another one with the same token', async () => {
    const increment = (by: number) =>
      client.send(
        new TransactWriteCommand({
          ClientRequestToken: 'token',
          TransactItems: [
            {
              Update: {
                TableName,
                Key: { pk: 'counter', sk: 'A' },
                UpdateExpression: 'ADD hits :by',
                ExpressionAttributeValues: { ':by': by },
              },
            },
          ],
        }),
      );
    await increment(1);
    await increment(1);

    expect(await get('counter')).toMatchObject({ hits: 1 });
    await expect(increment(2)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });

    await runtime.clock.advance(10 * 60_000);
    await increment(2);
    expect(await get('counter')).toMatchObject({ hits: 3 });
  });

  it('lets a cancelled request with a token be tried again', async () => {
    await put({ pk: '1', sk: 'A' });
    const input = { ClientRequestToken: 'token', TransactItems: [putIfNew('1')] };

    await expect(client.send(new TransactWriteCommand(input))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
    await expect(client.send(new TransactWriteCommand(input))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
  });

  it('lets exactly one of many rivals win, single writes among them', async () => {
    const rivals = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? client.send(
            new TransactWriteCommand({ TransactItems: [putIfNew('prize'), putIfNew(`share ${index}`)] }),
          )
        : client.send(new PutCommand(putIfNew('prize').Put)),
    );
    const outcomes = await Promise.allSettled(rivals);

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('never shows half of a transaction', async () => {
    const setBoth = (value: number) =>
      client.send(
        new TransactWriteCommand({
          TransactItems: ['left', 'right'].map((pk) => ({
            Put: { TableName, Item: { pk, sk: 'A', value } },
          })),
        }),
      );
    const readBoth = async () => {
      const keys = ['left', 'right'].map((pk) => ({ Get: { TableName, Key: { pk, sk: 'A' } } }));
      const { Responses } = await client.send(new TransactGetCommand({ TransactItems: keys }));
      return Responses?.map(({ Item }) => Item?.value);
    };
    await setBoth(0);

    const writing = Promise.all(Array.from({ length: 30 }, (_, value) => setBoth(value)));
    const seen = await Promise.all(Array.from({ length: 30 }, readBoth));
    await writing;

    expect(seen.filter((pair) => pair?.[0] !== pair?.[1])).toEqual([]);
  });
});

describe('time to live', () => {
  it('is what the template says', async () => {
    const { TimeToLiveDescription } = await raw.send(new DescribeTimeToLiveCommand({ TableName }));

    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' });
  });

  it('deletes items when they expire, whoever wrote them', async () => {
    await put({ pk: 'put', sk: 'A', expiresAt: nowSeconds + 60 });
    await client.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'updated', sk: 'A' },
        UpdateExpression: 'SET expiresAt = :at',
        ExpressionAttributeValues: { ':at': nowSeconds + 60 },
      }),
    );
    await client.send(
      new TransactWriteCommand({ TransactItems: [putIfNew('transacted', { expiresAt: nowSeconds + 60 })] }),
    );
    await put({ pk: 'later', sk: 'A', expiresAt: nowSeconds + 3600 });

    await runtime.clock.advance(59_000);
    expect(await get('put')).toBeDefined();

    await runtime.clock.advance(1_000);
    expect(await get('put')).toBeUndefined();
    expect(await get('updated')).toBeUndefined();
    expect(await get('transacted')).toBeUndefined();
    expect(await get('later')).toBeDefined();
  });

  it('spares an item whose life was prolonged', async () => {
    await put({ pk: '1', sk: 'A', expiresAt: nowSeconds + 60 });
    await put({ pk: '1', sk: 'A', expiresAt: nowSeconds + 120 });

    await runtime.clock.advance(60_000);
    expect(await get('1')).toBeDefined();
    await runtime.clock.advance(60_000);
    expect(await get('1')).toBeUndefined();
  });

  it('covers items that were there before it was switched on', async () => {
    const off = { TableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: false } };
    await raw.send(new UpdateTimeToLiveCommand(off));
    await put({ pk: '1', sk: 'A', expiresAt: nowSeconds + 60 });
    await runtime.clock.advance(120_000);
    expect(await get('1')).toBeDefined();

    const on = { TableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } };
    await raw.send(new UpdateTimeToLiveCommand(on));
    await runtime.clock.advance(60_000);
    expect(await get('1')).toBeUndefined();
  });
});

describe('on disk', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const key = { TableName, Key: { pk: { S: '1' }, sk: { S: 'A' } } };
  const item = { ...key.Key, expiresAt: { N: String(nowSeconds + 60) } };

  it('keeps table, items and their time to live over a restart', async () => {
    const first = createDynamoDb(testRuntime(directory));
    await first.createTable(table);
    await first.handle({ operation: 'PutItem', input: { TableName, Item: item }, caller: undefined });
    await first.close();

    const later = testRuntime(directory);
    const second = createDynamoDb(later);
    await second.createTable(table);
    const read = async () =>
      (await second.handle({ operation: 'GetItem', input: key, caller: undefined })).Item;
    expect(await read()).toEqual(item);

    await later.clock.advance(60_000);
    expect(await read()).toBeUndefined();
    await second.close();
  });

  it('refuses to start on a table with other keys, saying what to do', async () => {
    const first = createDynamoDb(testRuntime(directory));
    await first.createTable(table);
    await first.close();

    const second = createDynamoDb(testRuntime(directory));
    const other = {
      ...table,
      GlobalSecondaryIndexes: undefined,
      AttributeDefinitions: table.AttributeDefinitions.slice(0, 2),
    };
    await expect(second.createTable(other)).rejects.toThrow(/--fresh/);
    await second.close();
  });
});
