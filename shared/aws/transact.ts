import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

/** A write of a transaction; `condition` with its names and values must hold or nothing of it is written. */
export interface Write {
  put?: Record<string, unknown>;
  delete?: Record<string, unknown>;
  update?: { key: Record<string, unknown>; expression: string };
  condition?: string;
  names?: Record<string, string>;
  values?: Record<string, unknown>;
}

/** A pause that spreads those who collide. */
export type Backoff = (attempt: number) => Promise<unknown>;

/** Tries of one transaction that collides with another one. */
const conflictAttempts = 8;

/**
 * Writes all or nothing, and tries again while other transactions are at the same items. False when a condition does not
 * hold. Throws when it keeps colliding, and what else DynamoDB refuses.
 */
export async function transact(
  client: DynamoDBDocumentClient,
  table: string,
  writes: Write[],
  backoff: Backoff,
): Promise<boolean> {
  const command = { TransactItems: writes.map((write) => itemOf(table, write)) };
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteCommand(command));
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
      if (codes.includes('ConditionalCheckFailed')) return false;
      if (!codes.includes('TransactionConflict') || attempt === conflictAttempts) throw error;
      await backoff(attempt);
    }
  }
}

function itemOf(TableName: string, { put, delete: key, update, condition, names, values }: Write) {
  const demand = {
    TableName,
    ...(condition && { ConditionExpression: condition }),
    ...(values && { ExpressionAttributeValues: values }),
    ...(names && { ExpressionAttributeNames: names }),
  };
  if (put) return { Put: { ...demand, Item: put } };
  if (update) return { Update: { ...demand, Key: update.key, UpdateExpression: update.expression } };
  return { Delete: { ...demand, Key: key ?? {} } };
}
