import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { unitMs } from '../duration.ts';
import type { Silence } from '../silences/silence.ts';
import { type Backoff, transact } from './transact.ts';

/** Milliseconds a silence can be looked at after its end, as in Alertmanager. */
const keptMs = 5 * unitMs.d;

const pk = 'SILENCES';

/** Silences, in the `incidents` table. All reads are consistent. */
export type SilenceTable = ReturnType<typeof silenceTable>;

export function silenceTable(client: DynamoDBDocumentClient, table: string, backoff: Backoff) {
  return {
    /** Those that ended within the last days as well. */
    async readSilences(): Promise<Silence[]> {
      const input = {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      };
      const silences: Silence[] = [];
      for await (const { Items = [] } of paginateQuery({ client }, input))
        silences.push(...Items.map(silenceOf));
      return silences;
    },

    async readSilence(id: string): Promise<Silence | undefined> {
      const Key = { pk, sk: id };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && silenceOf(Item);
    },

    /**
     * Writes silences, all or none. False when one of them is no more what it was read as.
     * @param before what they replace; those that are new replace nothing
     */
    async putSilences(silences: readonly Silence[], before: readonly Silence[]): Promise<boolean> {
      const writes = silences.map((silence) => {
        const put = {
          ...silence,
          pk,
          sk: silence.id,
          expiresAt: Math.ceil((silence.endsAt + keptMs) / 1_000),
        };
        const replaced = before.find(({ id }) => id === silence.id);
        return replaced
          ? { put, condition: 'updatedAt = :updatedAt', values: { ':updatedAt': replaced.updatedAt } }
          : { put, condition: 'attribute_not_exists(pk)' };
      });
      return transact(client, table, writes, backoff);
    },
  };
}

function silenceOf({ pk, sk, expiresAt, ...silence }: Record<string, unknown>): Silence {
  return silence as unknown as Silence;
}
