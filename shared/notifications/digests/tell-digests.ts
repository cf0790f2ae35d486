import type { DigestTable } from '../../aws/digest-table.ts';
import type { IncidentPorts } from '../../incidents/apply.ts';
import type { Incident } from '../../incidents/incident.ts';
import type { Undelivered } from '../delivery/undelivered.ts';
import { type DigestEntry, type DigestHead, digestEvent, digestedOf, digestOf } from './digest.ts';

export interface DigestPorts extends Pick<IncidentPorts, 'now' | 'publish' | 'links'> {
  digests: DigestTable;
  table: Pick<IncidentPorts['table'], 'readIncident' | 'listOpen'>;
  /** The config's name. */
  system: string;
  /** Tells those who keep incidents that a channel could not be told. */
  giveUp(undelivered: Undelivered): Promise<void>;
}

/** Milliseconds after which an entry that was announced will not come any more: whoever announced it has been stopped for long. */
const entryPatienceMs = 60_000;

/** Incidents that are read, and messages that are sent, at the same time. */
const atOnce = 50;

/**
 * Publishes the digests that are due, each rendered from its incidents as they are now. Repeating what a crash cut short publishes the
 * same event again, which channels know. @returns what went wrong; the others were told
 */
export async function tellDigests(ports: DigestPorts): Promise<unknown[]> {
  const failures: unknown[] = [];
  const attempt = async <Result>(task: () => Promise<Result>) =>
    task().catch((error: unknown) => {
      failures.push(error);
      return undefined;
    });
  const heads = (await attempt(() => ports.digests.listDue(ports.now()))) ?? [];
  const table = { ...ports.table, readIncident: once(ports.table.readIncident) };
  for (const head of heads) await attempt(() => tellDigest(head, { ...ports, table }));
  return failures;
}

/** In a storm every channel has a digest, all about the same thousands of incidents: each is read once. */
function once<Result>(read: (id: string) => Promise<Result>): (id: string) => Promise<Result> {
  const known = new Map<string, Promise<Result>>();
  return (id) => {
    const result = known.get(id) ?? read(id);
    known.set(id, result);
    return result;
  };
}

async function tellDigest({ channel, due }: DigestHead, ports: DigestPorts): Promise<void> {
  const head = await ports.digests.close(channel, due);
  const entries = await ports.digests.readEntries(channel, due);
  if (entries.length < head.announced && ports.now() < due + entryPatienceMs) return;
  if (head.refused !== undefined) await reportAll(entries, head.channel, head.refused, ports);
  else if (entries.length > 0) await ports.publish(await eventOf(head, entries, ports));
  await ports.digests.done(head);
}

async function eventOf(head: DigestHead, entries: readonly DigestEntry[], ports: DigestPorts) {
  const told = new Set(entries.map(({ incident }) => incident));
  const ids = [...new Set([...told, ...(await ports.table.listOpen())])];
  const incidents = (await inChunks(ids, ports.table.readIncident)).flatMap((incident) => incident ?? []);
  const shown = incidents
    .filter(({ id }) => told.has(id))
    .map((incident) => digestedOf(incident, ports.links(incident.id).incident));
  const isKnown = ({ id, told: channels = {} }: Incident) => told.has(id) || head.channel in channels;
  const open = incidents.filter((incident) => incident.status !== 'resolved' && isKnown(incident)).length;
  const { incident: page, dashboard } = ports.links('');
  // A digest's page is the list of all incidents.
  const links = { ...(page && { incident: page.replace(/\/$/, '') }), ...(dashboard && { dashboard }) };
  const digest = digestOf(entries, shown, open, head.due);
  return digestEvent(head, digest, ports.system, links);
}

/** Each incident's fallback is told of it by itself, and of its end in time. */
async function reportAll(
  entries: readonly DigestEntry[],
  channel: string,
  reason: string,
  { giveUp }: DigestPorts,
): Promise<void> {
  await inChunks(entries, ({ incident, revision }) =>
    giveUp({ type: 'undelivered', incident, channel, revision, reason }),
  );
}

async function inChunks<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce)
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(task))));
  return results;
}
