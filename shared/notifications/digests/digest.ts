import type { Digest, Incident, IncidentEvent } from '../../incidents/incident.ts';
import { type Severity, severities } from '../../severity.ts';
import { digestId } from '../delivery/storm-guard.ts';

/** A digest that is to be told: item `DIGEST#<channel>#<due ISO>` / `HEAD`. */
export interface DigestHead {
  channel: string;
  /** Epoch milliseconds. */
  due: number;
  reason: 'storm' | 'daily';
  /** Entries that were announced; those that are written may be fewer for a moment. */
  announced: number;
  /** It was published, and the channel could not be told it for good: why. */
  refused?: string;
}

/** An event that is told by a digest: item `DIGEST#<channel>#<due ISO>` / `ENTRY#<incident>#<revision>`. */
export interface DigestEntry {
  incident: string;
  revision: number;
  type: IncidentEvent['type'];
  /** When the channel was spared it, epoch milliseconds. */
  at: number;
}

/** An incident as digests show it. */
export type Digested = Digest['worst'][number];

/** Incidents that a digest names; of the others it has the number. */
const maxNamed = 20;

/**
 * What a channel is told of many events at once: what they were, and how their incidents are now. Pure.
 * @param open how many incidents that the channel was told of, by this digest or before, are open now
 */
export function digestOf(
  entries: readonly DigestEntry[],
  incidents: readonly Digested[],
  open: number,
  to: number,
): Digest {
  const of = (type: DigestEntry['type']) =>
    new Set(entries.filter((entry) => entry.type === type).map(({ incident }) => incident));
  return {
    from: Math.min(to, ...entries.map(({ at }) => at)),
    to,
    opened: of('firing').size,
    resolved: of('resolved').size,
    open,
    worst: incidents.toSorted(worstFirst).slice(0, maxNamed),
  };
}

function worstFirst(a: Digested, b: Digested): number {
  const isOver = ({ status }: Digested) => Number(status === 'resolved');
  return isOver(a) - isOver(b) || rank(a.severity) - rank(b.severity) || a.openedAt - b.openedAt;
}

/** 0 is the worst. */
const rank = (severity: Severity) => severities.length - 1 - severities.indexOf(severity);

/** The event that tells a digest. Told again after a crash, it is the same one. */
export function digestEvent(
  { channel, due, reason }: DigestHead,
  digest: Digest,
  system: string,
  links: IncidentEvent['links'],
): IncidentEvent {
  const id = digestId(channel, due);
  const { from, to, opened, resolved, open, worst } = digest;
  return {
    version: 1,
    id: `${id}#1`,
    sequence: 1,
    type: 'digest',
    reason,
    at: to,
    system,
    incident: {
      id,
      groupKey: id,
      subject: { type: 'self', id: 'digest' },
      status: open > 0 ? 'triggered' : 'resolved',
      severity: worst[0]?.severity ?? 'info',
      title: titleOf({ opened, resolved, open }),
      labels: {},
      openedAt: from,
      ...(open === 0 && { resolvedAt: to }),
      firing: open,
      alerts: opened,
      revision: 1,
    },
    receivers: [channel],
    digest,
    links,
  };
}

function titleOf({ opened, resolved, open }: Pick<Digest, 'opened' | 'resolved' | 'open'>): string {
  const began = opened > 0 ? [`${counted(opened)} began`] : [];
  const ended = resolved > 0 ? [`${began.length > 0 ? resolved : counted(resolved)} ended`] : [];
  return [...began, ...ended, `${open === 0 ? 'none' : open} open`].join(', ');
}

const counted = (count: number) => (count === 1 ? '1 incident' : `${count} incidents`);

/** What a digest shows of an incident. */
export const digestedOf = (
  { id, title, severity, status, openedAt, resolvedAt }: Incident,
  link: string | undefined,
): Digested => ({
  id,
  title,
  severity,
  status,
  openedAt,
  ...(resolvedAt !== undefined && { resolvedAt }),
  ...(link && { link }),
});
