import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { AlarmRecord, Alert, Effect, Incident, TimelineEntry, Timer } from '../incidents/incident.ts';
import type { Transition } from '../incidents/transition/change.ts';
import type { Delivery, LedgerRow } from '../notifications/delivery/ledger.ts';
import { type Before, iso, keys, writesOf } from './incident-items.ts';
import { type Backoff, transact } from './transact.ts';

/** An incident with everything that happened to it, each list in order. */
export interface WholeIncident {
  incident: Incident;
  alerts: Alert[];
  timeline: TimelineEntry[];
  ledger: LedgerRow[];
  deliveries: Delivery[];
  effects: EffectRecord[];
}

/** An effect and whether it is still to be done. A timer that was scheduled stays pending until it is handled. */
export interface EffectRecord {
  incident: string;
  effect: Effect;
  pending: boolean;
  scheduled: boolean;
}

/** The `incidents` table: keys in `incident-items.ts`, meanings in `shared/incidents/incident.ts`. All reads but lists are consistent. */
export type IncidentTable = ReturnType<typeof incidentTable>;

export function incidentTable(client: DynamoDBDocumentClient, table: string, backoff: Backoff) {
  async function get<Item>(Key: Record<string, string>): Promise<Item | undefined> {
    const answer = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return answer.Item as Item | undefined;
  }

  async function query(input: Omit<ConstructorParameters<typeof QueryCommand>[0], 'TableName'>) {
    const items: Record<string, unknown>[] = [];
    for await (const page of paginateQuery({ client }, { TableName: table, ...input }))
      items.push(...(page.Items ?? []));
    return items;
  }

  const readIncident = async (id: string) => {
    const item = await get<Incident>(keys.incident(id));
    return item && incidentOf(item);
  };

  const readAlarm = async (key: string) => {
    const item = await get<AlarmRecord>(keys.alarm(key));
    return item && alarmOf(item);
  };

  /** The latest incident of a group, open or not, and its id even where it is no more. */
  const readLatest = async (groupKey: string): Promise<Before> => {
    const pointer = await get<{ incident: string }>(keys.group(groupKey));
    if (!pointer) return {};
    const incident = await readIncident(pointer.incident);
    return { group: pointer.incident, ...(incident && { incident }) };
  };

  /** The open incident of a group. */
  const readOpen = async (groupKey: string) => {
    const { incident } = await readLatest(groupKey);
    return incident?.status === 'resolved' ? undefined : incident;
  };

  return {
    readIncident,
    readAlarm,
    readLatest,
    readOpen,

    /** An incident with its items; undefined where there is none. */
    async readWhole(id: string): Promise<WholeIncident | undefined> {
      const items = await query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keys.incident(id).pk },
        ConsistentRead: true,
      });
      const own = items.find((item) => item.sk === 'INCIDENT');
      if (!own) return undefined;
      const named = (prefix: string) => items.filter((item) => String(item.sk).startsWith(prefix)).map(bare);
      return {
        incident: incidentOf(own as unknown as Incident),
        alerts: named('ALERT#') as unknown as Alert[],
        timeline: named('TIMELINE#') as unknown as TimelineEntry[],
        ledger: named('LEDGER#') as unknown as LedgerRow[],
        deliveries: named('DELIVERY#') as unknown as Delivery[],
        effects: items.filter((item) => String(item.sk).startsWith('EFFECT#')).map(effectOf),
      };
    },

    /** What became of the notifications of an incident or a digest, in order. */
    async readLedger(id: string): Promise<LedgerRow[]> {
      const items = await query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :ledger)',
        ExpressionAttributeValues: { ':pk': keys.incident(id).pk, ':ledger': 'LEDGER#' },
        ConsistentRead: true,
      });
      return items.map(bare) as unknown as LedgerRow[];
    },

    /** Newest first, at most `limit` (default 50), opened before `before` where given. Eventually consistent. */
    async list({ limit = 50, before }: { limit?: number; before?: number } = {}): Promise<Incident[]> {
      const answer = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'list',
          KeyConditionExpression: before === undefined ? 'listPk = :pk' : 'listPk = :pk AND listSk < :before',
          ExpressionAttributeValues: {
            ':pk': 'INCIDENTS',
            ...(before !== undefined && { ':before': iso(before) }),
          },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      return (answer.Items ?? []).map((item) => incidentOf(item as Incident));
    },

    /** Those that opened with `from` ≤ openedAt < `to`, oldest first. Eventually consistent. */
    async listBetween(from: number, to: number): Promise<Incident[]> {
      const items = await query({
        IndexName: 'list',
        KeyConditionExpression: 'listPk = :pk AND listSk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': 'INCIDENTS', ':from': iso(from), ':to': iso(to - 1) },
      });
      return items.map((item) => incidentOf(item));
    },

    /** Ids of all open incidents, oldest first. Eventually consistent. */
    async listOpen(): Promise<string[]> {
      const items = await query({
        IndexName: 'list',
        KeyConditionExpression: 'listPk = :pk',
        ExpressionAttributeValues: { ':pk': 'OPEN' },
      });
      return items.map((item) => String(item.incident));
    },

    /** The last seen of all alarms that fire, oldest first. Eventually consistent. */
    async listFiring(): Promise<AlarmRecord[]> {
      const items = await query({
        IndexName: 'list',
        KeyConditionExpression: 'listPk = :pk',
        ExpressionAttributeValues: { ':pk': 'FIRING' },
      });
      return items.map(alarmOf);
    },

    /** Alerts of an incident, oldest first. */
    async readAlerts(id: string): Promise<Alert[]> {
      const items = await query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :alert)',
        ExpressionAttributeValues: { ':pk': keys.incident(id).pk, ':alert': 'ALERT#' },
        ConsistentRead: true,
      });
      return items.map(bare) as unknown as Alert[];
    },

    /** An incident's effects still to be done, in sequence. */
    async readPending(id: string): Promise<EffectRecord[]> {
      const items = await query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :effect)',
        FilterExpression: 'attribute_exists(pendingPk)',
        ExpressionAttributeValues: { ':pk': keys.incident(id).pk, ':effect': 'EFFECT#' },
        ConsistentRead: true,
      });
      return items.map(effectOf);
    },

    /** Effects of all incidents that were due before `before`, oldest first. Eventually consistent. */
    async listOverdue(before: number): Promise<EffectRecord[]> {
      const items = await query({
        IndexName: 'pending',
        KeyConditionExpression: 'pendingPk = :pk AND pendingSk < :before',
        ExpressionAttributeValues: { ':pk': 'PENDING', ':before': iso(before) },
      });
      return items.map(effectOf);
    },

    /**
     * Stores a transition decided on `before`, all or nothing. False when somebody else stored another one meanwhile:
     * read again and decide again. Throws when the table keeps refusing for another reason.
     */
    async store(before: Before, transition: Transition, now: number): Promise<boolean> {
      const writes = writesOf(before, transition, now);
      return writes.length === 0 || transact(client, table, writes, backoff);
    },

    markDone: (incident: string, sequence: number) =>
      mark(client, table, keys.effect(incident, sequence), 'REMOVE pendingPk, pendingSk'),

    /** Notes that a timer's message is on its way. */
    markScheduled: (incident: string, sequence: number) =>
      mark(client, table, keys.effect(incident, sequence), 'SET scheduled = :true', { ':true': true }),

    /** A timer has been handled, whatever came of it. */
    markTimerDone: (timer: Timer) =>
      mark(
        client,
        table,
        keys.effect(timer.incident, Number(timer.id.split('#').at(-1))),
        'REMOVE pendingPk, pendingSk',
      ),
  };
}

/** An effect that has expired is done as well. */
async function mark(
  client: DynamoDBDocumentClient,
  TableName: string,
  Key: Record<string, string>,
  UpdateExpression: string,
  values?: Record<string, unknown>,
): Promise<void> {
  const command = new UpdateCommand({
    TableName,
    Key,
    UpdateExpression,
    ConditionExpression: 'attribute_exists(pk)',
    ...(values && { ExpressionAttributeValues: values }),
  });
  try {
    await client.send(command);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** An item without what only the table needs. */
function bare(item: Record<string, unknown>): Record<string, unknown> {
  const { pk, sk, listPk, listSk, pendingPk, pendingSk, expiresAt, ...rest } = item;
  return rest;
}

const incidentOf = (item: object) => bare({ ...item }) as unknown as Incident;

const alarmOf = (item: object) => bare({ ...item }) as unknown as AlarmRecord;

function effectOf(item: Record<string, unknown>): EffectRecord {
  return {
    incident: String(item.incident),
    effect: item.effect as Effect,
    pending: item.pendingPk !== undefined,
    scheduled: item.scheduled === true,
  };
}
