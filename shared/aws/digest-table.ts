import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DigestEntry, DigestHead } from '../notifications/digests/digest.ts';
import { digestKeys, digestsDue } from './digest-items.ts';

/** Digests that are to be told: items of the `incidents` table. `channel-table.ts` announces them, `delivery-table.ts` writes entries. */
export type DigestTable = ReturnType<typeof digestTable>;

export function digestTable(client: DynamoDBDocumentClient, TableName: string) {
  async function query<Item>(input: Omit<Parameters<typeof paginateQuery>[1], 'TableName'>): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of paginateQuery({ client }, { TableName, ...input }))
      items.push(...((page.Items ?? []) as Item[]));
    return items;
  }

  return {
    /** Those due by `now`, the longest due first. Eventually consistent. */
    listDue: (now: number): Promise<DigestHead[]> =>
      query({
        IndexName: 'pending',
        KeyConditionExpression: 'pendingPk = :pk AND pendingSk <= :now',
        ExpressionAttributeValues: { ':pk': digestsDue, ':now': new Date(now).toISOString() },
      }),

    /** From now on no entry is added. @returns the digest as it is then */
    async close(channel: string, due: number): Promise<DigestHead> {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName,
          Key: digestKeys.head(channel, due),
          UpdateExpression: 'SET closed = :true',
          ExpressionAttributeValues: { ':true': true },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes as DigestHead;
    },

    /** All of its entries, by incident and revision. */
    readEntries: (channel: string, due: number): Promise<DigestEntry[]> =>
      query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :entry)',
        ExpressionAttributeValues: { ':pk': digestKeys.partition(channel, due), ':entry': 'ENTRY#' },
        ConsistentRead: true,
      }),

    /** It is told; or reported, where it had been refused. What was refused meanwhile stays to be reported. */
    async done({ channel, due, refused }: DigestHead): Promise<void> {
      const command = new UpdateCommand({
        TableName,
        Key: digestKeys.head(channel, due),
        UpdateExpression: 'REMOVE pendingPk, pendingSk',
        ConditionExpression: `attribute${refused === undefined ? '_not' : ''}_exists(refused)`,
      });
      await client.send(command).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    },
  };
}
