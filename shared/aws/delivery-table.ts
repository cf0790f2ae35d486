import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Incident } from '../incidents/incident.ts';
import {
  type Delivery,
  type LedgerRow,
  newDelivery,
  type Outcome,
} from '../notifications/delivery/ledger.ts';
import { digestKeys } from './digest-items.ts';
import { type Backoff, transact, type Write } from './transact.ts';

/** Seconds everything is kept after it was written, as the incident itself. */
const keptSeconds = 400 * 86_400;

/** Deliveries and the ledger: items of the `incidents` table, see `shared/notifications/delivery/ledger.ts`. */
export type DeliveryTable = ReturnType<typeof deliveryTable>;

/** A delivery as it was read; undefined where there was none. Nothing is written that was decided on what is past. */
type Seen = Delivery | undefined;

type Queued = Pick<LedgerRow, 'channel' | 'revision'>;

export function deliveryTable(client: DynamoDBDocumentClient, table: string, backoff: Backoff) {
  async function get<Item>(Key: Record<string, string>): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item as Item | undefined;
  }

  /** Writes a delivery alone. */
  async function replace(incident: string, next: Delivery, seen: Seen): Promise<boolean> {
    const { put, condition, values } = deliveryWrite(incident, next, seen);
    const input = { TableName: table, Item: put, ConditionExpression: condition };
    try {
      await client.send(new PutCommand({ ...input, ...(values && { ExpressionAttributeValues: values }) }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** All or nothing: what became of a delivery, and the ledger row that says so. */
  const record = (incident: string, row: LedgerRow, next: Delivery, seen: Seen, more: Write[] = []) =>
    transact(
      client,
      table,
      [deliveryWrite(incident, next, seen), ledgerWrite(incident, row), ...more],
      backoff,
    );

  /** Gives the lease back, whatever else was written about the delivery meanwhile. */
  async function release(incident: string, row: LedgerRow, { set, names, values }: Change): Promise<void> {
    const change: Write = {
      update: {
        key: deliveryKey(incident, row.channel),
        expression: `SET ${[...set, 'version = version + :one'].join(', ')} REMOVE leasedBy, leasedUntil`,
      },
      condition: 'leasedBy = :event',
      values: { ':one': 1, ':event': row.event, ...values },
      ...(names && { names }),
    };
    const released = await transact(client, table, [change, ledgerWrite(incident, row)], backoff);
    if (!released) throw new Error(`the lease of ${row.event} for ${row.channel} is somebody else's by now`);
  }

  return {
    read: (incident: string, channel: string) => get<Delivery>(deliveryKey(incident, channel)),

    readIncident: (incident: string) => get<Incident>({ pk: `INCIDENT#${incident}`, sk: 'INCIDENT' }),

    /** Takes the right to send `revision` until `until`. False where the delivery is not any more as it was read. */
    lease(
      incident: string,
      { channel, event, revision }: Queued & Pick<LedgerRow, 'event'>,
      seen: Seen,
      until: number,
    ): Promise<boolean> {
      const { notBefore, ...known } = seen ?? newDelivery(channel);
      const next = { ...known, newestRevision: revision, leasedBy: event, leasedUntil: until };
      return replace(incident, next, seen);
    },

    /** Makes `revision` the newest, to be sent after `notBefore`: no older one is sent any more. False as for `lease`. */
    queue(incident: string, { channel, revision }: Queued, notBefore: number, seen: Seen): Promise<boolean> {
      return replace(
        incident,
        { ...(seen ?? newDelivery(channel)), newestRevision: revision, notBefore },
        seen,
      );
    },

    /** The provider accepted it, and calls it by `reference`. */
    async sent(incident: string, row: LedgerRow, reference?: string): Promise<void> {
      const outcome = outcomeOf(row);
      await release(incident, row, {
        set: ['sentRevision = :revision', ...outcome.set, ...(reference ? ['#reference = :reference'] : [])],
        names: { ...outcome.names, ...(reference && { '#reference': 'reference' }) },
        values: {
          ...outcome.values,
          ':revision': row.revision,
          ...(reference && { ':reference': reference }),
        },
      });
    },

    /** It is over for this revision; the message lies in the dead-letter queue. */
    failed: (incident: string, row: LedgerRow): Promise<void> => release(incident, row, outcomeOf(row)),

    /** It will be tried again, by whoever comes after `notBefore`. */
    retried: (incident: string, row: LedgerRow, notBefore: number): Promise<void> =>
      release(incident, row, { set: ['notBefore = :notBefore'], values: { ':notBefore': notBefore } }),

    /** A newer revision is told instead. */
    superseded: (incident: string, row: LedgerRow, seen: Seen): Promise<boolean> =>
      record(incident, row, settled(seen ?? newDelivery(row.channel), row, 'superseded'), seen),

    /** It is left to the digest of the channel `announced` that is due then. */
    digested(incident: string, row: LedgerRow, seen: Seen, announced: { channel: string; due: number }) {
      const { channel, due } = announced;
      const next: Delivery = {
        ...settled(seen ?? newDelivery(row.channel), row, 'digested'),
        newestRevision: row.revision,
        digested: { revision: row.revision, due },
      };
      const { at, revision, type, reason } = row;
      const entry = { incident, revision, at, type, ...(reason && { reason }) };
      const key = digestKeys.entry(channel, due, incident, revision);
      const put = { ...key, ...entry, expiresAt: digestKeys.expiresAt(due) };
      return record(incident, row, next, seen, [{ put }]);
    },

    /** Only a row: nothing changed. */
    async note(incident: string, row: LedgerRow): Promise<void> {
      await client.send(new PutCommand({ TableName: table, Item: ledgerWrite(incident, row).put }));
    },
  };
}

const deliveryKey = (incident: string, channel: string) => ({
  pk: `INCIDENT#${incident}`,
  sk: `DELIVERY#${channel}`,
});

function deliveryWrite(incident: string, next: Delivery, seen: Seen) {
  const { leasedUntil = 0, notBefore = 0 } = next;
  const put = {
    ...next,
    ...deliveryKey(incident, next.channel),
    version: (seen?.version ?? 0) + 1,
    expiresAt: Math.ceil(Math.max(leasedUntil, notBefore, latest(next)) / 1_000) + keptSeconds,
  };
  return seen
    ? { put, condition: 'version = :version', values: { ':version': seen.version } }
    : { put, condition: 'attribute_not_exists(pk)' };
}

const latest = ({ outcomes }: Delivery) => Math.max(0, ...Object.values(outcomes).map(({ at }) => at));

const ledgerWrite = (incident: string, row: LedgerRow) => ({
  put: {
    pk: `INCIDENT#${incident}`,
    sk: `LEDGER#${new Date(row.at).toISOString()}#${row.event.split('#').at(-1)}#${row.channel}#${row.result}`,
    ...row,
    expiresAt: Math.ceil(row.at / 1_000) + keptSeconds,
  },
});

/** With the end of one revision. */
const settled = (delivery: Delivery, { revision, at }: LedgerRow, result: Outcome['result']): Delivery => ({
  ...delivery,
  outcomes: { ...delivery.outcomes, [revision]: { result, at } },
});

interface Change {
  set: string[];
  names?: Record<string, string>;
  values: Record<string, unknown>;
}

const outcomeOf = ({ revision, result, at }: LedgerRow) => ({
  set: ['outcomes.#revision = :outcome'],
  names: { '#revision': String(revision) },
  values: { ':outcome': { result, at } },
});
