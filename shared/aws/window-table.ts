import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unitMs } from '../duration.ts';
import type { StartedWindow } from '../maintenance/window.ts';

/** Milliseconds a window can be looked at after its end. */
const keptMs = 7 * unitMs.d;

const pk = 'MAINTENANCE';

/** Maintenance windows that somebody began, in the `history` table. All reads are consistent. */
export type WindowTable = ReturnType<typeof windowTable>;

export function windowTable(client: DynamoDBDocumentClient, table: string) {
  return {
    /** Those that ended within the last days as well. */
    async readWindows(): Promise<StartedWindow[]> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
        }),
      );
      return Items.map(({ pk, sk, expiresAt, ...window }) => window as StartedWindow);
    },

    /** In place of the one of the same id. */
    async putWindow(window: StartedWindow): Promise<void> {
      const expiresAt = Math.ceil((window.to + keptMs) / 1_000);
      const Item = { ...window, pk, sk: window.id, expiresAt };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
  };
}
