import type { Incident, IncidentEvent } from '../../incidents/incident.ts';
import type { Delivery } from './ledger.ts';
import { nextMinute } from './storm-guard.ts';

/** How a queue message came to us. */
export interface Arrival {
  /** When it was put into the queue, epoch ms: a message sent again from the dead-letter queue starts anew. */
  sentAt: number;
  /** 1 the first time. */
  receiveCount: number;
}

/** An event as far as one channel is concerned. */
export interface Telling {
  type: IncidentEvent['type'];
  revision: number;
  /** The revision that the channel was to be told before this one; 0: none. */
  before: number;
  /** The channel wants all of a day at once, and when next: epoch ms. */
  daily?: number;
}

/** What is known when an event arrives. */
export interface Known {
  delivery: Delivery | undefined;
  /** The provider asked us to stay away from all its channels until then, epoch ms; 0: it did not. */
  restUntil: number;
  /** The incident as it is now, read for events that are late. */
  current?: Pick<Incident, 'status' | 'revision'> | undefined;
}

export type Decision =
  | { action: 'send' }
  | { action: 'superseded'; by: number }
  | { action: 'duplicate' }
  /** Left to the digest that is due then. */
  | { action: 'digest'; due: number }
  /** With `queue`: older revisions are not sent any more, this one is in their place when it may. */
  | { action: 'wait'; until: number; queue?: true };

/** Milliseconds a notification may be under way: longer than the function may run (60 s), so a crash is repeated and a slow one is not doubled. */
export const leaseMs = 90_000;

/** SNS may deliver a newer event first. Where an older one was for this channel and we never saw it: milliseconds the newer one waits, once; and for how long after publishing. */
const reordered = { waitMs: 5_000, withinMs: 15_000 };

/** Milliseconds until we look again whether another one's sending has ended. */
const busyMs = 2_000;

/** Milliseconds from an event to its arrival in the queue beyond which it may be the past: it is compared with the incident as it is. */
const lateMs = 5 * 60_000;

/** Milliseconds we go on trying, from the arrival in the queue; then it is over to the dead-letter queue and its alarm. */
export const retryBudgetMs = 6 * 3_600_000;

const backoff = { firstMs: 1_000, maxMs: 300_000 };

/** What to do with an event for one channel, given what is known. Pure. */
export function decide(
  { type, revision, before, daily }: Telling,
  { delivery, restUntil, current }: Known,
  arrival: Arrival,
  now: number,
): Decision {
  const { newestRevision = 0, leasedUntil = 0, notBefore = 0 } = delivery ?? {};
  if (isSettled(delivery, revision, arrival)) return { action: 'duplicate' };
  if (newestRevision > revision) return { action: 'superseded', by: newestRevision };
  if (current && contradicts(type, current)) return { action: 'superseded', by: current.revision };
  if (leasedUntil > now) return { action: 'wait', until: Math.min(leasedUntil, now + busyMs) };
  const olderMayCome = arrival.receiveCount === 1 && now - arrival.sentAt < reordered.withinMs;
  if (before > newestRevision && olderMayCome) return { action: 'wait', until: now + reordered.waitMs };
  if (daily !== undefined) return { action: 'digest', due: daily };
  const digest = type === 'firing' ? undefined : digestBefore(delivery);
  if (digest) return { action: 'digest', due: Math.max(digest.due, nextMinute(now)) };
  const until = Math.max(notBefore, restUntil);
  if (until > now) return { action: 'wait', until, ...(revision > newestRevision && { queue: true }) };
  return { action: 'send' };
}

/** Whether it is done with this revision: also when it failed, unless somebody sent it again from the dead-letter queue. */
function isSettled(delivery: Delivery | undefined, revision: number, arrival: Arrival): boolean {
  const outcome = delivery?.outcomes[revision];
  return outcome !== undefined && !(outcome.result === 'failed' && outcome.at < arrival.sentAt);
}

/** What a redriven event says may be over: nothing is announced that has ended, and no end of what fires again. */
function contradicts(type: Telling['type'], { status }: Pick<Incident, 'status'>): boolean {
  return (type === 'resolved') !== (status === 'resolved');
}

/**
 * The digest by which the channel hears that it fires, where it was not told by itself. Its end is told the same way: so it never comes
 * first, and who keeps digests as alerts sees them end.
 */
function digestBefore({ digested, sentRevision = 0 }: Partial<Delivery> = {}): Delivery['digested'] {
  return digested && digested.revision > sentRevision ? digested : undefined;
}

/** Whether an event may be the past: it came from the dead-letter queue, or was long on its way. */
export const isLate = (delivery: Delivery | undefined, revision: number, at: number, arrival: Arrival) =>
  delivery?.outcomes[revision]?.result === 'failed' || arrival.sentAt - at > lateMs;

/**
 * When to try again after a failure: when the provider says, else after a delay that doubles from 1 s to 5 min, of which at
 * least half is waited. Never later than the end of the budget; undefined when that is over.
 * @param random 0 to 1
 */
export function retryAt(
  arrival: Arrival,
  afterMs: number | undefined,
  now: number,
  random: number,
): number | undefined {
  const end = arrival.sentAt + retryBudgetMs;
  if (now >= end) return undefined;
  const doubled = backoff.firstMs * 2 ** Math.min(arrival.receiveCount, 30);
  const ownMs = (Math.min(doubled, backoff.maxMs) * (1 + random)) / 2;
  return Math.min(now + (afterMs ?? ownMs), end);
}
