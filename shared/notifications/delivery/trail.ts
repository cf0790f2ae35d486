import type { WholeIncident } from '../../aws/incident-table.ts';
import type { Incident, IncidentEvent } from '../../incidents/incident.ts';
import type { Receiver } from '../../routing/route.ts';
import { formatTime } from '../time.ts';
import type { LedgerRow } from './ledger.ts';
import { channelOf } from './storm-guard.ts';

/** What became of one event for one channel, or why a channel is not told. */
export interface Trail {
  /** The channel's id, with `/2` and so on for further parts of one that is told in several goes. */
  channel: string;
  /**
   * - `queued`: on its way to the provider, who was not asked yet;
   * - `handed-over`: SNS tells this channel, and tells us nothing;
   * - `retrying`: asked in vain so far;
   * - `digested`: waits in a digest;
   * - `sent`: accepted by the provider, alone or in a digest;
   * - `superseded`: something newer is told instead;
   * - `failed`: given up; it lies in the dead-letter queue;
   * - `not-told`: nothing was published for it.
   */
  state: 'queued' | 'handed-over' | 'retrying' | 'digested' | 'sent' | 'superseded' | 'failed' | 'not-told';
  /** When that began, epoch milliseconds; absent for `not-told`. */
  at?: number;
  /** The event, as far as there is one. */
  event?: string;
  type?: IncidentEvent['type'];
  reason?: IncidentEvent['reason'];
  /** How often the provider was asked. */
  attempts: number;
  /** What the provider answered last, what supersedes it, or why the channel is not told. */
  why?: string;
  status?: number;
}

/** What is known beside the incident itself. */
export interface TrailContext {
  /** Ledger rows of digests, by the digest's id. */
  digests: ReadonlyMap<string, readonly LedgerRow[]>;
  /** Channels that SNS tells, without a function of ours. */
  toldBySns: ReadonlySet<string>;
}

/** Who was told what, when and why, and who was not: every event and channel in order, then the channels that hear nothing now. Pure. */
export function trailOf(whole: WholeIncident, context: TrailContext): Trail[] {
  const published = whole.effects.flatMap(({ effect }) => (effect.kind === 'publish' ? [effect.event] : []));
  const told = published.flatMap((event) =>
    event.receivers.flatMap((channel) => trailsOf(event, channel, whole.ledger, context)),
  );
  return [...told, ...notTold(whole.incident, published)];
}

/** Of a channel in several parts, each that there are rows of. */
function trailsOf(
  event: IncidentEvent,
  channel: string,
  ledger: readonly LedgerRow[],
  context: TrailContext,
): Trail[] {
  const about = { event: event.id, type: event.type, ...(event.reason && { reason: event.reason }) };
  const rows = ledger.filter((row) => row.event === event.id && channelOf(row.channel) === channel);
  if (rows.length === 0) {
    const state = context.toldBySns.has(channel) ? 'handed-over' : 'queued';
    return [{ channel, state, at: event.at, ...about, attempts: 0 }];
  }
  return [...Map.groupBy(rows, (row) => row.channel)].map(([target, own]) => ({
    channel: target,
    ...about,
    ...outcomeOf(own, context),
  }));
}

/** What a provider was asked for; the other rows are our own decisions. */
const asked: readonly LedgerRow['result'][] = ['sent', 'retry', 'failed'];

function outcomeOf(
  rows: readonly LedgerRow[],
  { digests }: TrailContext,
): Pick<Trail, 'state' | 'at' | 'attempts' | 'why' | 'status'> {
  const last = rows.findLast(({ result }) => result !== 'duplicate') ?? rows.at(-1)!;
  const attempts = rows.filter(({ result }) => asked.includes(result)).length;
  const said = ({ at, detail, status }: LedgerRow) => ({
    at,
    ...(detail !== undefined && { why: detail }),
    ...(status !== undefined && { status }),
  });
  if (last.result !== 'digested')
    return {
      state: last.result === 'retry' || last.result === 'duplicate' ? 'retrying' : last.result,
      attempts,
      ...said(last),
    };
  const digest = digests.get(last.digest ?? '')?.findLast(({ channel }) => channel === last.channel);
  if (digest?.result !== 'sent' && digest?.result !== 'failed')
    return { state: 'digested', attempts, ...said(last) };
  const why = [last.detail, digest.detail].filter(Boolean).join('; ');
  return { state: digest.result, attempts, ...said(digest), why };
}

/** Receivers that have not been told how it is now, and why that is so. */
function notTold(incident: Incident, published: readonly IncidentEvent[]): Trail[] {
  const { status, reopenedAt = 0, plan } = incident;
  const isOver = status === 'resolved';
  const notices = published.filter(({ type }) => type === 'firing' || type === 'resolved');
  const current = notices.filter(({ type, at }) => at >= reopenedAt && (!isOver || type === 'resolved'));
  const silent = plan.receivers.filter(
    ({ channel }) => !current.some(({ receivers }) => receivers.includes(channel)),
  );
  return silent.map((receiver) => ({
    channel: receiver.channel,
    state: 'not-told',
    attempts: 0,
    why: isOver ? whyNotItsEnd(receiver, notices) : whyNotYet(receiver, incident),
  }));
}

function whyNotItsEnd({ channel, sendResolved }: Receiver, notices: readonly IncidentEvent[]): string {
  if (notices.length === 0) return 'it was over before anybody was told';
  const heard = notices.some(({ receivers }) => receivers.includes(channel));
  if (!heard) return 'it was over before this channel was to be told';
  return sendResolved
    ? 'it fired again, and was over before that was told'
    : 'it does not want to hear of ends';
}

function whyNotYet({ channel }: Receiver, incident: Incident): string {
  const { suppressed, withheld, due, flapping } = incident;
  if (suppressed) return suppressed.text;
  if (withheld?.includes(channel)) {
    const when = due.hours === undefined ? '' : `; told at ${formatTime(due.hours)} if it still fires`;
    return `outside of its hours${when}`;
  }
  if (flapping) return 'it comes and goes; told when it rests';
  if (due.announce !== undefined)
    return `it waits for more alerts, and for its own recovery, until ${formatTime(due.announce)}`;
  return 'not told yet';
}
