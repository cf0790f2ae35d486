import type { DeliveryTable } from '../aws/delivery-table.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import { type Arrival, decide, leaseMs, retryAt } from './decide.ts';
import { type DeliverContext, type Delivered, deliver } from './deliver.ts';
import type { ChannelKind } from './kind.ts';
import type { Delivery, LedgerRow } from './ledger.ts';

/** One channel, or one part of a channel that is told in several goes. */
export interface Target<Settings> {
  channel: string;
  settings: Settings;
}

/** An event as it came out of the queue. */
export interface Arrived {
  event: IncidentEvent;
  arrival: Arrival;
}

export interface Ports extends DeliverContext {
  deliveries: DeliveryTable;
  /** Puts the message that is being handled into the dead-letter queue. */
  bury(): Promise<void>;
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

/** The targets that an event is for, among those we know. */
export const targetsOf = <Settings>(targets: Target<Settings>[], { receivers }: IncidentEvent) =>
  targets.filter(({ channel }) => receivers.includes(channel.split('/', 1)[0]!));

/**
 * Brings one event to one channel, at most once, newest first: decides by what is known of the channel, takes a lease, delivers, and
 * writes down what came of it. Throws only for what DynamoDB or the dead-letter queue refuse: then nothing is lost, the lease ends by
 * itself.
 */
export async function notify<Settings, Message>(
  kind: ChannelKind<Settings, Message>,
  target: Target<Settings>,
  { event, arrival }: Arrived,
  ports: Ports,
): Promise<Notified> {
  const { deliveries, now } = ports;
  const { id: incident, revision } = event.incident;
  const seen = await deliveries.read(incident, target.channel);
  const rowOf = rowsOf(event, target.channel, now);
  const decision = decide(seen, revision, arrival, now());
  switch (decision.action) {
    case 'duplicate':
      // What comes again because another channel is waiting is no news.
      if (arrival.receiveCount === 1) await deliveries.note(incident, rowOf('duplicate'));
      return { result: 'duplicate' };
    case 'superseded': {
      const detail = `revision ${decision.by} is told instead`;
      await deliveries.superseded(incident, rowOf('superseded', { detail }));
      return { result: 'superseded', detail };
    }
    case 'wait': {
      const queued = !decision.queue || (seen && (await deliveries.queue(incident, revision, seen)));
      return { result: 'waiting', again: queued ? decision.until : now() + collisionMs };
    }
    case 'send': {
      const claim = { channel: target.channel, event: event.id, revision };
      const leased = await deliveries.lease(incident, claim, seen, now() + leaseMs);
      if (!leased) return { result: 'waiting', again: now() + collisionMs };
      const delivered = await deliver(kind, event, target.settings, ports);
      return conclude(delivered, { incident, seen, revision, arrival, rowOf }, ports);
    }
  }
}

type RowOf = ReturnType<typeof rowsOf>;

const rowsOf =
  (event: IncidentEvent, channel: string, now: () => number) =>
  (result: LedgerRow['result'], more: Partial<LedgerRow> = {}): LedgerRow => ({
    at: now(),
    event: event.id,
    revision: event.incident.revision,
    channel,
    type: event.type,
    ...(event.reason && { reason: event.reason }),
    result,
    ...more,
  });

interface Sending {
  incident: string;
  seen: Delivery | undefined;
  revision: number;
  arrival: Arrival;
  rowOf: RowOf;
}

/** Writes down what came of a sending, and gives the lease back. */
async function conclude(delivered: Delivered, sending: Sending, ports: Ports): Promise<Notified> {
  const { verdict, secretMissing } = delivered;
  const { incident, seen, revision, arrival, rowOf } = sending;
  const status = delivered.status === undefined ? {} : { status: delivered.status };
  if (verdict.result === 'sent') {
    const text = [verdict.detail, insteadOf(seen, revision)].filter(Boolean).join('; ');
    const said = { ...status, ...(text && { detail: text }) };
    await ports.deliveries.sent(incident, rowOf('sent', said));
    return { result: 'sent', ...said };
  }
  const said = { ...status, detail: verdict.reason };
  const again = againAt(delivered, arrival, ports);
  if (again !== undefined) {
    await ports.deliveries.released(incident, rowOf('retry', said), again);
    return { result: 'retry', ...said, secretMissing, again };
  }
  await ports.bury();
  await ports.deliveries.failed(incident, rowOf('failed', said));
  return { result: 'failed', ...said, secretMissing };
}

function againAt({ verdict }: Delivered, arrival: Arrival, ports: Ports): number | undefined {
  if (verdict.result !== 'retry') return undefined;
  return retryAt(arrival, verdict.afterMs, ports.now(), ports.random());
}

/** A newer event stands in for older ones that were never told. */
function insteadOf(seen: Delivery | undefined, revision: number): string | undefined {
  const first = (seen?.sentRevision ?? 0) + 1;
  if (first >= revision) return undefined;
  const which = first === revision - 1 ? `revision ${first}` : `revisions ${first} to ${revision - 1}`;
  return `in place of ${which}, never sent`;
}
