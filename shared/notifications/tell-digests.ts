import type { DigestTable } from '../aws/digest-table.ts';
import type { IncidentPorts } from '../incidents/apply.ts';
import {
  type DigestEntry,
  type Digested,
  type DigestHead,
  digestEvent,
  digestedOf,
  digestOf,
} from './digest.ts';

export interface DigestPorts extends Pick<IncidentPorts, 'now' | 'publish' | 'links'> {
  digests: DigestTable;
  table: Pick<IncidentPorts['table'], 'readIncident'>;
  /** The config's name. */
  system: string;
}

/** Milliseconds after which an entry that was announced will not come any more: whoever announced it has been stopped for long. */
const entryPatienceMs = 60_000;

/** Incidents that are read at the same time. */
const readsAtOnce = 50;

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
  for (const head of heads) await attempt(() => tellDigest(head, ports));
  return failures;
}

async function tellDigest({ channel, due }: DigestHead, ports: DigestPorts): Promise<void> {
  const { digests, now, publish, links, system } = ports;
  const head = await digests.close(channel, due);
  const entries = await digests.readEntries(channel, due);
  if (entries.length < head.announced && now() < due + entryPatienceMs) return;
  if (entries.length > 0) {
    const digest = digestOf(entries, await readIncidents(entries, ports), Math.max(due, now()));
    const { dashboard } = links('');
    await publish(digestEvent(head, digest, system, dashboard ? { dashboard } : {}));
  }
  await digests.done(channel, due);
}

/** The incidents that entries are about, each once, as far as they are still kept. */
async function readIncidents(entries: readonly DigestEntry[], ports: DigestPorts): Promise<Digested[]> {
  const ids = [...new Set(entries.map(({ incident }) => incident))];
  const found: Digested[] = [];
  for (let start = 0; start < ids.length; start += readsAtOnce) {
    const read = await Promise.all(ids.slice(start, start + readsAtOnce).map(ports.table.readIncident));
    const known = read.filter((incident) => incident !== undefined);
    found.push(...known.map((incident) => digestedOf(incident, ports.links(incident.id).incident)));
  }
  return found;
}
