import { setTimeout as pause } from 'node:timers/promises';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Delivery, LedgerRow, Outcome } from '../notifications/ledger.ts';

/** Seconds everything is kept after it was written, as the incident itself. */
const keptSeconds = 400 * 86_400;

/** Tries of a write that collides with another one, 20 ms apart and more each time. */
const conflictAttempts = 8;

const collided = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  (error.CancellationReasons ?? []).some(({ Code }) => Code === 'TransactionConflict');

/** Deliveries and the ledger: items of the `incidents` table, see `shared/notifications/ledger.ts`. */
export type DeliveryTable = ReturnType<typeof deliveryTable>;

export function deliveryTable(client: DynamoDBDocumentClient, table: string) {
  const deliveryKey = (incident: string, channel: string) => ({
    pk: `INCIDENT#${incident}`,
    sk: `DELIVERY#${channel}`,
  });

  const ledgerPut = (incident: string, row: LedgerRow) => ({
    TableName: table,
    Item: {
      pk: `INCIDENT#${incident}`,
      sk: `LEDGER#${new Date(row.at).toISOString()}#${row.event.split('#').at(-1)}#${row.channel}#${row.result}`,
      ...row,
      expiresAt: Math.ceil(row.at / 1_000) + keptSeconds,
    },
  });

  /** Both or neither: what became of a delivery, and the ledger row that says so. */
  async function change(incident: string, row: LedgerRow, { set, remove, condition, values }: Change) {
    const names = { '#revision': String(row.revision) };
    const Update = {
      TableName: table,
      Key: deliveryKey(incident, row.channel),
      UpdateExpression: `SET ${[...set, 'version = version + :one'].join(', ')}${remove ? ` REMOVE ${remove}` : ''}`,
      ConditionExpression: condition,
      ExpressionAttributeValues: { ':one': 1, ...values },
      ...(set.some((part) => part.includes('#revision')) && { ExpressionAttributeNames: names }),
    };
    await transact({ TransactItems: [{ Update }, { Put: ledgerPut(incident, row) }] });
  }

  /** Nothing may be told twice because its success could not be written at once: what collided with another write is tried again. */
  async function transact(input: TransactWriteCommandInput): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(new TransactWriteCommand(input));
        return;
      } catch (error) {
        if (!collided(error) || attempt === conflictAttempts) throw error;
        await pause(attempt * 20);
      }
    }
  }

  /** Writes a delivery provided that it still is as it was read. False where it is not: another one was faster. */
  async function replace(incident: string, next: Delivery, seen: Delivery | undefined): Promise<boolean> {
    const put = new PutCommand({
      TableName: table,
      Item: { ...next, ...deliveryKey(incident, next.channel), expiresAt: expiryFrom(next) },
      ConditionExpression: seen ? 'version = :version' : 'attribute_not_exists(pk)',
      ...(seen && { ExpressionAttributeValues: { ':version': seen.version } }),
    });
    try {
      await client.send(put);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  const outcomeOf = ({ result, at }: LedgerRow) => ({ ':outcome': { result, at } as Outcome });
  const leased = (row: LedgerRow) => ({ ':event': row.event });

  return {
    async read(incident: string, channel: string): Promise<Delivery | undefined> {
      const Key = deliveryKey(incident, channel);
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item as Delivery | undefined;
    },

    /** Takes the right to send `revision` until `until`. False where the delivery is not any more as it was read. */
    lease: (
      incident: string,
      { channel, event, revision }: Pick<LedgerRow, 'channel' | 'event' | 'revision'>,
      seen: Delivery | undefined,
      until: number,
    ): Promise<boolean> =>
      replace(
        incident,
        {
          channel,
          sentRevision: seen?.sentRevision ?? 0,
          newestRevision: revision,
          leasedBy: event,
          leasedUntil: until,
          outcomes: seen?.outcomes ?? {},
          version: (seen?.version ?? 0) + 1,
        },
        seen,
      ),

    /** Makes `revision` the newest, so that no older one is sent any more. False where the delivery is not any more as it was read. */
    queue: (incident: string, revision: number, seen: Delivery): Promise<boolean> =>
      replace(incident, { ...seen, newestRevision: revision, version: seen.version + 1 }, seen),

    /** The provider accepted it. */
    async sent(incident: string, row: LedgerRow): Promise<void> {
      await change(incident, row, {
        set: ['sentRevision = :revision', 'outcomes.#revision = :outcome'],
        remove: 'leasedBy, leasedUntil',
        condition: 'leasedBy = :event',
        values: { ':revision': row.revision, ...outcomeOf(row), ...leased(row) },
      });
    },

    /** It is over for this revision; the message lies in the dead-letter queue. */
    async failed(incident: string, row: LedgerRow): Promise<void> {
      await change(incident, row, {
        set: ['outcomes.#revision = :outcome'],
        remove: 'leasedBy, leasedUntil',
        condition: 'leasedBy = :event',
        values: { ...outcomeOf(row), ...leased(row) },
      });
    },

    /** It will be tried again, by whoever comes after `notBefore`. */
    async released(incident: string, row: LedgerRow, notBefore: number): Promise<void> {
      await change(incident, row, {
        set: ['notBefore = :notBefore'],
        remove: 'leasedBy, leasedUntil',
        condition: 'leasedBy = :event',
        values: { ':notBefore': notBefore, ...leased(row) },
      });
    },

    /** A newer revision is told instead. */
    async superseded(incident: string, row: LedgerRow): Promise<void> {
      await change(incident, row, {
        set: ['outcomes.#revision = :outcome'],
        condition: 'attribute_exists(pk)',
        values: outcomeOf(row),
      });
    },

    /** Only a row: nothing changed. */
    async note(incident: string, row: LedgerRow): Promise<void> {
      await client.send(new PutCommand(ledgerPut(incident, row)));
    },
  };
}

const expiryFrom = ({ leasedUntil = 0, notBefore = 0 }: Delivery): number =>
  Math.ceil(Math.max(leasedUntil, notBefore) / 1_000) + keptSeconds;

interface Change {
  set: string[];
  remove?: string;
  condition: string;
  values: Record<string, unknown>;
}
