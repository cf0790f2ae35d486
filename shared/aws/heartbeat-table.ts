import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unitMs } from '../duration.ts';
import type { StoredRecord } from '../heartbeats/receive.ts';
import type { HeartbeatRecord, Ping } from '../heartbeats/record.ts';

/** How long pings are kept, in milliseconds. */
const pingsKept = 30 * unitMs.d;

/** Pings of a heartbeat that are shown: the newest. */
const shownPings = 20;

/**
 * What of heartbeats is in the `history` table, beside what judging them records there:
 *
 * | pk               | sk                | item                                    |
 * |------------------|-------------------|-----------------------------------------|
 * | `HEARTBEATS`     | monitor           | StoredRecord: enough to judge it        |
 * | `PING#<monitor>` | ISO time#some id  | Ping, with what it sent along; kept 30 d |
 */
export type HeartbeatTable = ReturnType<typeof heartbeatTable>;

export function heartbeatTable(client: DynamoDBDocumentClient, table: string) {
  return {
    async readRecord(monitor: string): Promise<StoredRecord | undefined> {
      const Key = { pk: 'HEARTBEATS', sk: monitor };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item as StoredRecord | undefined;
    },

    /** Every record, as it is now. */
    async readRecords(): Promise<Map<string, HeartbeatRecord>> {
      const records = new Map<string, HeartbeatRecord>();
      let start: Record<string, unknown> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': 'HEARTBEATS' },
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        for (const { sk, record } of page.Items ?? []) records.set(sk, record);
        start = page.LastEvaluatedKey;
      } while (start);
      return records;
    },

    /** Replaces the record that has `replaced` as its version (undefined: there is none). False where it has another by now. */
    async putRecord(monitor: string, next: StoredRecord, replaced: number | undefined): Promise<boolean> {
      const command = new PutCommand({
        TableName: table,
        Item: { ...next, pk: 'HEARTBEATS', sk: monitor },
        ConditionExpression: replaced === undefined ? 'attribute_not_exists(pk)' : 'version = :replaced',
        ...(replaced !== undefined && { ExpressionAttributeValues: { ':replaced': replaced } }),
      });
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    /** @param id of the request: two pings may come in the same millisecond */
    async putPing(monitor: string, ping: Ping, id: string): Promise<void> {
      const Item = {
        ...ping,
        pk: `PING#${monitor}`,
        sk: `${new Date(ping.at).toISOString()}#${id}`,
        expiresAt: Math.ceil((ping.at + pingsKept) / 1_000),
      };
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    /** The newest pings, the newest first. */
    async readPings(monitor: string): Promise<Ping[]> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `PING#${monitor}` },
          ScanIndexForward: false,
          Limit: shownPings,
        }),
      );
      return (Items as (Ping & { pk: string; sk: string; expiresAt: number })[]).map(
        ({ pk, sk, expiresAt, ...ping }) => ping,
      );
    },
  };
}
