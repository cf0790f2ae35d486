import type { Delivery } from './ledger.ts';

/** How a queue message came to us. */
export interface Arrival {
  /** When it was put into the queue, epoch ms: a message sent again from the dead-letter queue starts anew. */
  sentAt: number;
  /** 1 the first time. */
  receiveCount: number;
}

export type Decision =
  | { action: 'send' }
  | { action: 'superseded'; by: number }
  | { action: 'duplicate' }
  /** With `queue`: older revisions are not sent any more, this one is in their place when it may. */
  | { action: 'wait'; until: number; queue?: true };

/** Milliseconds a notification may be under way: longer than the function may run (60 s), so a crash is repeated and a slow one is not doubled. */
export const leaseMs = 90_000;

/** SNS may deliver a newer event first. Where we never saw the one before it: milliseconds the newer one waits, once, for the older; and for how long after publishing. */
const reordered = { waitMs: 5_000, withinMs: 15_000 };

/** Milliseconds until we look again whether another one's sending has ended. */
const busyMs = 2_000;

/** Milliseconds we go on trying, from the arrival in the queue; then it is over to the dead-letter queue and its alarm. */
export const retryBudgetMs = 6 * 3_600_000;

const backoff = { firstMs: 1_000, maxMs: 300_000 };

/** What to do with an event's revision for one channel, given what is known of the channel. Pure. */
export function decide(
  delivery: Delivery | undefined,
  revision: number,
  arrival: Arrival,
  now: number,
): Decision {
  const { newestRevision = 0, leasedUntil = 0, notBefore = 0 } = delivery ?? {};
  const outcome = delivery?.outcomes[revision];
  const sentAgain = outcome?.result === 'failed' && outcome.at < arrival.sentAt;
  if (outcome && !sentAgain) return { action: 'duplicate' };
  if (newestRevision > revision) return { action: 'superseded', by: newestRevision };
  if (leasedUntil > now) return { action: 'wait', until: Math.min(leasedUntil, now + busyMs) };
  const olderMayCome = arrival.receiveCount === 1 && now - arrival.sentAt < reordered.withinMs;
  if (revision > newestRevision + 1 && olderMayCome) return { action: 'wait', until: now + reordered.waitMs };
  if (notBefore > now)
    return { action: 'wait', until: notBefore, ...(revision > newestRevision && { queue: true }) };
  return { action: 'send' };
}

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
