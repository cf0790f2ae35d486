// What a storm left behind: read from the table and the outbox, as a person would who does not trust us.
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Running } from '../../../infra/local/runtime.ts';
import { digestsDue } from '../../../shared/aws/digest-items.ts';
import type { Alert, Incident } from '../../../shared/incidents/incident.ts';
import type { LedgerRow } from '../../../shared/notifications/delivery/ledger.ts';

type Item<Record> = Record & { pk: string; sk: string; pendingPk?: string };

export interface Left {
  incidents: Incident[];
  /** Titles of incidents about Tocsin itself: how a machine that is slow is found out. */
  own: string[];
  alerts: Alert[];
  ledger: (LedgerRow & { incident: string })[];
}

const client = (endpoint: string) =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    }),
  );

async function incidentsTable(dynamodb: DynamoDBDocumentClient): Promise<string> {
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
  const found = TableNames.find((name) => name.includes('Incidents'));
  if (!found) throw new Error(`none of the tables ${TableNames.join(', ')} is that of incidents`);
  return found;
}

/** Everything in the incidents table. */
export async function readLeft({ endpoint }: Pick<Running, 'endpoint'>): Promise<Left> {
  const dynamodb = client(endpoint);
  const TableName = await incidentsTable(dynamodb);
  const items: Item<object>[] = [];
  for await (const page of paginateScan({ client: dynamodb }, { TableName }))
    items.push(...((page.Items ?? []) as Item<object>[]));
  dynamodb.destroy();
  const incidents = items.filter(({ sk }) => sk === 'INCIDENT') as Item<Incident>[];
  const named = (prefix: string) => items.filter(({ sk }) => sk.startsWith(prefix));
  return {
    incidents: incidents.filter(({ subject }) => subject.type !== 'self'),
    own: incidents.flatMap(({ subject, title }) => (subject.type === 'self' ? [title] : [])),
    alerts: (named('ALERT#') as Item<Alert>[]).filter(({ name }) => name.includes('/monitor/')),
    ledger: (named('LEDGER#') as Item<LedgerRow>[]).map((row) => ({
      ...row,
      incident: row.pk.replace('INCIDENT#', ''),
    })),
  };
}

/** Whether anything is still under way: in a queue, in a function, or in a digest that is due soon. */
export async function isBusy({ world, endpoint }: Pick<Running, 'world' | 'endpoint'>): Promise<boolean> {
  const { queues } = world.sqs;
  const working = queues
    .list()
    .filter(({ settings }) => !settings.name.endsWith('-dead'))
    .some(({ arn }) => {
      const { visible, inFlight } = queues.counts(arn);
      return visible + inFlight > 0;
    });
  return working || (await digestsWaiting(endpoint));
}

async function digestsWaiting(endpoint: string): Promise<boolean> {
  const dynamodb = client(endpoint);
  const { Count = 0 } = await dynamodb.send(
    new QueryCommand({
      TableName: await incidentsTable(dynamodb),
      IndexName: 'pending',
      KeyConditionExpression: 'pendingPk = :pk',
      ExpressionAttributeValues: { ':pk': digestsDue },
    }),
  );
  dynamodb.destroy();
  return Count > 0;
}

export interface Told {
  /** (incident, channel) pairs that were to be told of this and were, alone or in a digest. */
  alone: number;
  together: number;
  /** Were to be told, and nothing says that they were. */
  lost: number;
  /** Were told of the same revision more than once. */
  doubled: number;
}

/** What became of the events of a type, by the ledger alone. */
export function toldOf({ incidents, ledger }: Left, type: 'firing' | 'resolved'): Told {
  const told: Told = { alone: 0, together: 0, lost: 0, doubled: 0 };
  const digestsSent = new Set(
    ledger.filter((row) => row.type === 'digest' && row.result === 'sent').map(({ incident }) => incident),
  );
  const rows = Map.groupBy(
    ledger.filter((row) => row.type === type),
    ({ incident, channel }) => `${incident} ${channel}`,
  );
  for (const { id, plan } of incidents)
    for (const { channel } of plan.receivers) {
      const own = rows.get(`${id} ${channel}`) ?? [];
      const sent = own.filter(({ result }) => result === 'sent');
      const digested = own.filter(
        ({ result, digest }) => result === 'digested' && digestsSent.has(digest ?? ''),
      );
      if (sent.length > 0) told.alone++;
      else if (digested.length > 0) told.together++;
      else told.lost++;
      if (new Set(sent.map(({ revision }) => revision)).size < sent.length) told.doubled++;
    }
  return told;
}

/** Messages that each channel received, by the minute of the clock; without the mails of SNS about Tocsin itself. */
export function messagesPerMinute({ outbox }: Pick<Running, 'outbox'>, since: number): Map<string, number[]> {
  const posts = outbox().filter(({ at, channel }) => Date.parse(at) >= since && !channel.startsWith('sns-'));
  const perMinute = (entries: typeof posts) =>
    [...Map.groupBy(entries, ({ at }) => at.slice(0, 16))].map(([, group]) => group.length);
  const channelOf = ({ channel, to }: (typeof posts)[number]) =>
    channel === 'ses' ? `mail to ${to.join(', ')}` : channel;
  return new Map(
    [...Map.groupBy(posts, channelOf)].map(([channel, entries]) => [channel, perMinute(entries)]),
  );
}
