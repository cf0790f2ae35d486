import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { unitMs } from '../duration.ts';
import type { Override } from '../oncall/rotation.ts';

/** Milliseconds an override can be looked at after its end. */
const keptMs = 30 * unitMs.d;

const pk = 'OVERRIDES';

/** Overrides of rotations, in the `incidents` table. */
export type OverrideTable = ReturnType<typeof overrideTable>;

export function overrideTable(client: DynamoDBDocumentClient, table: string) {
  return {
    /** In the order they were made. Consistent. */
    async readOverrides(): Promise<Override[]> {
      const input = {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      };
      const overrides: Override[] = [];
      for await (const { Items = [] } of paginateQuery({ client }, input))
        overrides.push(...Items.map(overrideOf));
      return overrides;
    },

    async putOverride(override: Override): Promise<void> {
      const Item = {
        ...override,
        pk,
        sk: override.id,
        expiresAt: Math.ceil((override.to + keptMs) / 1_000),
      };
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    /** Nothing where there is none. */
    async deleteOverride(id: string): Promise<void> {
      await client.send(new DeleteCommand({ TableName: table, Key: { pk, sk: id } }));
    },
  };
}

function overrideOf({ pk, sk, expiresAt, ...override }: Record<string, unknown>): Override {
  return override as unknown as Override;
}
