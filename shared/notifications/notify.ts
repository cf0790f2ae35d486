import type { ChannelTable } from '../aws/channel-table.ts';
import type { DeliveryTable } from '../aws/delivery-table.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import { act } from './delivery/act.ts';
import {
  type Arrival,
  decide,
  isLate,
  leaseMs,
  retryAt,
  retryBudgetMs,
  type Telling,
} from './delivery/decide.ts';
import { type DeliverContext, type Delivered, deliver } from './delivery/deliver.ts';
import type { Delivery, LedgerRow } from './delivery/ledger.ts';
import { channelOf, digestId, minuteOf, nextMinute, roomFor } from './delivery/storm-guard.ts';
import type { Reported, Undelivered } from './delivery/undelivered.ts';
import { upToDate } from './delivery/up-to-date.ts';
import type { ChannelKind } from './kind.ts';

/** One channel, or one part of a channel that is told in several goes. */
export interface Target<Settings> {
  /** The channel's id, with `/2` and so on for further parts. */
  channel: string;
  settings: Settings;
  /** Messages it is told one by one in a minute. */
  rate: number;
  /** Targets that are one to the provider have the same: asked to stay away from one, we stay away from all. */
  provider: string;
}

/** An event as it came out of the queue. */
export interface Arrived {
  event: IncidentEvent;
  arrival: Arrival;
}

export interface Ports extends Omit<DeliverContext, 'previous'> {
  deliveries: DeliveryTable;
  channels: ChannelTable;
  /** Puts the message that is being handled into the dead-letter queue. */
  bury(): Promise<void>;
  /** Tells those who keep incidents that a channel could not be told. */
  giveUp(undelivered: Undelivered): Promise<void>;
  /** Tells them what came of something that was done. */
  report(reported: Reported): Promise<void>;
  /** 0 to 1 */
  random(): number;
}

/** What came of one attempt for one channel. `again` is when to look at the message again, epoch ms; without it all is done. */
export interface Notified {
  result: LedgerRow['result'] | 'waiting';
  detail?: string;
  status?: number;
  again?: number;
  secretMissing?: boolean;
}

/** Milliseconds until we look again after another one was faster. */
const collisionMs = 1_000;

/** Events that every kind of channel is told; of others those that it follows. */
const always: readonly IncidentEvent['type'][] = ['firing', 'resolved', 'digest'];

/** The targets that an event is for, among those of a kind. */
export const targetsOf = <Settings>(
  targets: Target<Settings>[],
  { receivers, type }: IncidentEvent,
  follows: readonly IncidentEvent['type'][] = [],
) =>
  always.includes(type) || follows.includes(type)
    ? targets.filter(({ channel }) => receivers.includes(channelOf(channel)))
    : [];

/**
 * Brings one event to one channel, at most once, newest first: decides by what is known of the channel, takes a lease, delivers, and
 * writes down what came of it. What is more than a channel is told in a minute is left to a digest. Throws only for what DynamoDB or a
 * queue refuse: then nothing is lost, the lease ends by itself.
 */
export async function notify<Settings, Message>(
  kind: ChannelKind<Settings, Message>,
  target: Target<Settings>,
  { event, arrival }: Arrived,
  ports: Ports,
): Promise<Notified> {
  const { deliveries, channels, now } = ports;
  const { id: incident, revision } = event.incident;
  const [seen, restUntil] = await Promise.all([
    deliveries.read(incident, target.channel),
    channels.readRest(target.provider),
  ]);
  const late = isLate(seen, revision, event.at, arrival) && event.type !== 'digest';
  const current = late ? await deliveries.readIncident(incident) : undefined;
  const sending: Sending<Settings> = { event: upToDate(event, current), target, arrival, seen };
  const rowOf = rowsOf(sending, now);
  const decision = decide(
    tellingOf(event, target.channel),
    { delivery: seen, restUntil, current },
    arrival,
    now(),
  );
  switch (decision.action) {
    case 'duplicate':
      // What comes again because another channel is waiting is no news.
      if (arrival.receiveCount === 1) await deliveries.note(incident, rowOf('duplicate'));
      return { result: 'duplicate' };
    case 'superseded': {
      const detail = decision.by > revision ? `revision ${decision.by} is told instead` : 'it is the past';
      const written = await deliveries.superseded(incident, rowOf('superseded', { detail }), seen);
      return written ? { result: 'superseded', detail } : collided(now);
    }
    case 'digest':
      return leaveToDigest(sending, decision.due, ports);
    case 'wait': {
      const queued =
        !decision.queue ||
        (await deliveries.queue(incident, { channel: target.channel, revision }, decision.until, seen));
      return queued ? { result: 'waiting', again: decision.until } : collided(now);
    }
    case 'send': {
      const isBounded = event.type !== 'digest';
      if (isBounded && !(await channels.take(target.channel, minuteOf(now()), roomFor(event, target.rate))))
        return leaveToDigest(sending, nextMinute(now()), ports);
      const claim = { channel: target.channel, event: event.id, revision };
      if (!(await deliveries.lease(incident, claim, seen, now() + leaseMs))) return collided(now);
      const context = {
        ...ports,
        channel: channelOf(target.channel),
        ...(seen?.reference && { previous: seen.reference }),
      };
      const tell = kind.acts ? act : deliver;
      return conclude(await tell(kind, sending.event, target.settings, context), sending, ports);
    }
  }
}

const collided = (now: () => number): Notified => ({ result: 'waiting', again: now() + collisionMs });

interface Sending<Settings> {
  event: IncidentEvent;
  target: Target<Settings>;
  arrival: Arrival;
  /** The delivery before it was leased. */
  seen: Delivery | undefined;
}

function tellingOf({ type, incident, before, digests }: IncidentEvent, target: string): Telling {
  const channel = channelOf(target);
  const daily = digests?.[channel];
  return {
    type,
    revision: incident.revision,
    before: before?.[channel] ?? 0,
    ...(daily !== undefined && { daily }),
  };
}

const rowsOf =
  ({ event, target }: Sending<unknown>, now: () => number) =>
  (result: LedgerRow['result'], more: Partial<LedgerRow> = {}): LedgerRow => ({
    at: now(),
    event: event.id,
    revision: event.incident.revision,
    channel: target.channel,
    type: event.type,
    ...(event.reason && { reason: event.reason }),
    result,
    ...more,
  });

/** Makes it an entry of the digest that is due then, or of the next one where that has been told. */
async function leaveToDigest(sending: Sending<unknown>, due: number, ports: Ports): Promise<Notified> {
  const { event, target, seen } = sending;
  const { deliveries, channels, now } = ports;
  const channel = channelOf(target.channel);
  const reason = event.digests?.[channel] === undefined ? 'storm' : 'daily';
  const open = await channels.announce(channel, due, reason);
  if (!open) return leaveToDigest(sending, nextMinute(Math.max(due, now())), ports);
  const detail = `in the digest of ${new Date(due).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const row = rowsOf(sending, now)('digested', { detail, digest: digestId(channel, due) });
  const written = await deliveries.digested(event.incident.id, row, seen, { channel, due });
  return written ? { result: 'digested', detail } : collided(now);
}

/** Writes down what came of a sending, and gives the lease back. */
async function conclude(delivered: Delivered, sending: Sending<unknown>, ports: Ports): Promise<Notified> {
  const { verdict, secretMissing } = delivered;
  const { event, target, seen } = sending;
  const incident = event.incident.id;
  const rowOf = rowsOf(sending, ports.now);
  const status = delivered.status === undefined ? {} : { status: delivered.status };
  if (verdict.result === 'sent') {
    const text = [verdict.detail, insteadOf(event, target.channel, seen)].filter(Boolean).join('; ');
    const said = { ...status, ...(text && { detail: text }) };
    await ports.deliveries.sent(incident, rowOf('sent', said), verdict.reference);
    return { result: 'sent', ...said, ...(secretMissing && { secretMissing }) };
  }
  const said = { ...status, detail: verdict.reason };
  const again = verdict.result === 'retry' ? await restAndRetry(verdict.afterMs, sending, ports) : undefined;
  if (again !== undefined) {
    await ports.deliveries.retried(incident, rowOf('retry', said), again);
    return { result: 'retry', ...said, secretMissing, again };
  }
  await ports.bury();
  await giveUp(sending, verdict.reason, ports);
  await ports.deliveries.failed(incident, rowOf('failed', said));
  return { result: 'failed', ...said, secretMissing };
}

/** Has the channel's fallback told instead. Of a digest, reconcile does so for each incident in it. */
async function giveUp({ event, target }: Sending<unknown>, reason: string, ports: Ports): Promise<void> {
  const channel = channelOf(target.channel);
  const { id: incident, revision } = event.incident;
  if (event.digest) await ports.channels.refuse(channel, event.digest.to, reason);
  else await ports.giveUp({ type: 'undelivered', incident, channel, revision, reason });
}

/** When to try again; what the provider asks for holds for everything that is to be told by it. */
async function restAndRetry(
  afterMs: number | undefined,
  { arrival, target }: Sending<unknown>,
  ports: Ports,
) {
  const now = ports.now();
  if (afterMs !== undefined)
    await ports.channels.rest(target.provider, now + Math.min(afterMs, retryBudgetMs));
  return retryAt(arrival, afterMs, now, ports.random());
}

/** A newer event stands in for one that was for this channel and never told. */
function insteadOf(event: IncidentEvent, target: string, seen: Delivery | undefined): string | undefined {
  const { before } = tellingOf(event, target);
  const told = Math.max(seen?.sentRevision ?? 0, seen?.digested?.revision ?? 0);
  return before > told ? `in place of revision ${before}, never sent` : undefined;
}
