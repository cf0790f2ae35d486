import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { unitMs } from '../duration.ts';
import { dayMs, hourMs } from '../history/fold.ts';
import type {
  EvidenceItem,
  NowItem,
  RollupItem,
  Run,
  RunRequest,
  Screenshot,
  SlotItem,
} from '../history/history.ts';
import {
  type PackedNow,
  type PackedRollup,
  type PackedSlot,
  packNow,
  packRollup,
  packSlot,
  unpackNow,
  unpackRollup,
  unpackSlot,
} from '../history/packing.ts';
import type { Pause } from '../pauses/pause.ts';

/** How long items are kept, in milliseconds. */
const kept = { slot: 26 * hourMs, run: hourMs, evidence: 30 * dayMs, hour: 40 * dayMs, day: 400 * dayMs };

export type RollupPeriod = 'HOUR' | 'DAY';

/** Sort key of what was asked for; no location is called so. */
const runRequest = 'REQUEST';

const iso = (at: number) => new Date(at).toISOString();
const expiresAt = (from: number, forMs: number) => Math.ceil((from + forMs) / 1_000);

const screenshotKey = (monitor: string, location: string, at: number) => ({
  pk: `SCREENSHOT#${monitor}`,
  sk: `${location}#${iso(at)}`,
});

/** The `history` table: see `shared/history/history.ts` for its items. */
export type HistoryTable = ReturnType<typeof historyTable>;

export function historyTable(client: DynamoDBDocumentClient, table: string) {
  /** A run and what is there of it by now; undefined where there is none of that id any more. */
  async function readRun(id: string): Promise<Run | undefined> {
    type Item = (RunRequest | EvidenceItem) & { sk: string };
    const items = await query<Item>(client, table, { pk: `RUN#${id}` }, true);
    const request = items.find((item) => 'by' in item);
    if (!request) return undefined;
    const { monitor, locations, at, by } = request;
    const results = items
      .filter((item) => 'observation' in item)
      .map(({ location, slot, observation }) => ({ location, slot, observation }));
    return { id, monitor, locations, at, by, results };
  }

  return {
    /** Puts a slot unless it is there. False when it was: a duplicate delivery or an overlapping run. */
    async putSlot(location: string, shard: string, item: SlotItem): Promise<boolean> {
      return putIf(client, table, 'attribute_not_exists(pk)', {
        ...packSlot(item),
        pk: `SLOT#${location}#${shard}`,
        sk: iso(item.slot),
        expiresAt: expiresAt(item.slot, kept.slot),
      });
    },

    /** Slots of one location and shard with `from` ≤ slot < `to`. */
    async readSlots(location: string, shard: string, from: number, to: number): Promise<SlotItem[]> {
      const items = await queryRange<PackedSlot>(client, table, `SLOT#${location}#${shard}`, from, to);
      return items.map(unpackSlot);
    },

    async readNow(location: string, shard: string): Promise<NowItem | undefined> {
      const Key = { pk: `NOW#${location}#${shard}`, sk: 'NOW' };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && unpackNow(Item as PackedNow);
    },

    /** Replaces the shard's state if it still is the one with `replacedSlot` (undefined: none). False when it is not. */
    async putNow(now: NowItem, replacedSlot: number | undefined): Promise<boolean> {
      const item = { ...packNow(now), pk: `NOW#${now.location}#${now.shard}`, sk: 'NOW' };
      return replacedSlot === undefined
        ? putIf(client, table, 'attribute_not_exists(pk)', item)
        : putIf(client, table, 'slot = :replaced', item, { ':replaced': replacedSlot });
    },

    /** Keeps an observation as its monitor's evidence unless a newer one of its outcome is there. */
    async putEvidence(evidence: EvidenceItem): Promise<void> {
      const { outcome } = evidence.observation;
      const item = {
        ...evidence,
        pk: `EVIDENCE#${evidence.observation.monitor}`,
        sk: evidence.location + (outcome === 'down' ? '' : `#${outcome}`),
        expiresAt: expiresAt(evidence.slot, kept.evidence),
      };
      await putIf(client, table, 'attribute_not_exists(pk) OR slot < :slot', item, {
        ':slot': evidence.slot,
      });
    },

    /** The latest observation of every location and each outcome that is not up, newest first. */
    async readEvidence(monitor: string): Promise<EvidenceItem[]> {
      const items = await query<EvidenceItem>(client, table, { pk: `EVIDENCE#${monitor}` });
      return items
        .map(({ location, slot, observation }) => ({ location, slot, observation }))
        .sort((a, b) => b.slot - a.slot);
    },

    /** The same again changes nothing. */
    async putScreenshot({ monitor, location, at, jpeg }: Screenshot): Promise<void> {
      const item = { ...screenshotKey(monitor, location, at), jpeg, expiresAt: expiresAt(at, kept.evidence) };
      await client.send(new PutCommand({ TableName: table, Item: item }));
    },

    /** The JPEG; undefined where there is none, or none any more. */
    async readScreenshot(monitor: string, location: string, at: number): Promise<Uint8Array | undefined> {
      const Key = screenshotKey(monitor, location, at);
      const { Item } = await client.send(new GetCommand({ TableName: table, Key }));
      return Item?.jpeg as Uint8Array | undefined;
    },

    async putRun(run: RunRequest): Promise<void> {
      const item = { ...run, pk: `RUN#${run.id}`, sk: runRequest, expiresAt: expiresAt(run.at, kept.run) };
      await client.send(new PutCommand({ TableName: table, Item: item }));
    },

    /** What a location saw when it was asked to: the same again changes nothing. */
    async putRunResult(id: string, result: EvidenceItem): Promise<void> {
      const item = {
        ...result,
        pk: `RUN#${id}`,
        sk: result.location,
        expiresAt: expiresAt(result.observation.at, kept.run),
      };
      await client.send(new PutCommand({ TableName: table, Item: item }));
    },

    readRun,

    /** Keeps a run with the incident it was asked for because of, once for a monitor and minute. False where it is there. */
    async putMeanwhile(incident: string, { id, monitor, at }: RunRequest): Promise<boolean> {
      return putIf(client, table, 'attribute_not_exists(pk)', {
        run: id,
        pk: `MEANWHILE#${incident}`,
        sk: `${iso(at - (at % unitMs.m))}#${monitor}`,
        expiresAt: expiresAt(at, kept.run),
      });
    },

    /** Runs because of an incident, the newest first. */
    async readMeanwhile(incident: string, limit: number): Promise<Run[]> {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `MEANWHILE#${incident}` },
          ScanIndexForward: false,
          Limit: limit,
        }),
      );
      const runs = await Promise.all(Items.map(({ run }) => readRun(run)));
      return runs.flatMap((run) => run ?? []);
    },

    async putRollup(period: RollupPeriod, rollup: RollupItem): Promise<void> {
      const item = {
        ...packRollup(rollup),
        pk: `${period}#${rollup.shard}`,
        sk: iso(rollup.start),
        expiresAt: expiresAt(rollup.start, period === 'HOUR' ? kept.hour : kept.day),
      };
      await client.send(new PutCommand({ TableName: table, Item: item }));
    },

    /** Roll-ups of a shard with `from` ≤ start < `to`, oldest first. */
    async readRollups(period: RollupPeriod, shard: string, from: number, to: number): Promise<RollupItem[]> {
      const items = await queryRange<PackedRollup>(client, table, `${period}#${shard}`, from, to);
      return items.map(unpackRollup);
    },

    /** Until when the shard's slots are in its roll-ups; undefined before the first fold. */
    async readFolded(shard: string): Promise<number | undefined> {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { pk: 'FOLDED', sk: shard } }),
      );
      return Item?.until as number | undefined;
    },

    /** Monitors that are paused, and pauses that are about to end; as they are now. */
    async readPauses(): Promise<Pause[]> {
      const items = await query<Pause & { pk: string; sk: string }>(client, table, { pk: 'PAUSED' }, true);
      return items.map(({ pk, sk, ...pause }) => pause);
    },

    /** In place of an earlier one of the same monitor. */
    async putPause(pause: Pause): Promise<void> {
      const Item = { ...pause, pk: 'PAUSED', sk: pause.monitor };
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    /** Unless it has been replaced meanwhile by one that began at another time. */
    async deletePause({ monitor, at }: Pause): Promise<void> {
      const command = new DeleteCommand({
        TableName: table,
        Key: { pk: 'PAUSED', sk: monitor },
        ConditionExpression: 'attribute_not_exists(pk) OR #at = :at',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':at': at },
      });
      await unlessRefused(() => client.send(command));
    },

    async putFolded(shard: string, until: number): Promise<void> {
      await client.send(new PutCommand({ TableName: table, Item: { pk: 'FOLDED', sk: shard, until } }));
    },
  };
}

async function putIf(
  client: DynamoDBDocumentClient,
  table: string,
  condition: string,
  item: object,
  values?: Record<string, unknown>,
): Promise<boolean> {
  const command = new PutCommand({
    TableName: table,
    Item: item,
    ConditionExpression: condition,
    ...(values && { ExpressionAttributeValues: values }),
  });
  return unlessRefused(() => client.send(command));
}

/** False where the condition of a write did not hold. */
async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

const queryRange = <Row>(
  client: DynamoDBDocumentClient,
  table: string,
  pk: string,
  from: number,
  to: number,
) => query<Row>(client, table, { pk, from: iso(from), to: iso(to - 1) });

async function query<Row>(
  client: DynamoDBDocumentClient,
  table: string,
  { pk, from, to }: { pk: string; from?: string; to?: string },
  ConsistentRead = false,
): Promise<Row[]> {
  const rows: Row[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead,
        KeyConditionExpression: from ? 'pk = :pk AND sk BETWEEN :from AND :to' : 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk, ...(from && { ':from': from, ':to': to }) },
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    rows.push(...((page.Items ?? []) as Row[]));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
}
