import { nextDaily } from '../../routing/daily.ts';
import { isActive, nextActive } from '../../routing/hours.ts';
import type { Receiver } from '../../routing/route.ts';
import type { NotificationReason } from '../incident.ts';
import type { Changing } from './changing.ts';
import { decideNotification } from './decide-notification.ts';
import { beginEscalation, continueEscalation } from './escalation.ts';
import { isHeldBack } from './suppressing.ts';

/** Its group has waited: people hear of it for the first time since it began, or began again. */
export function announce(draft: Changing): void {
  page(draft, draft.next.revision > 0 ? 'reopened' : 'first');
}

/** Tells its receivers as `tellFiring` does, and those it is escalated to, from the first step on. */
export function page(draft: Changing, reason: NotificationReason): void {
  beginEscalation(draft.next);
  if (tellFiring(draft, reason)) continueEscalation(draft);
}

/**
 * Tells its receivers that it fires, or that more or less of it does; what they know is no news from then on. False where it is
 * held back: then they are told once that ends.
 */
export function tellFiring(
  draft: Changing,
  reason: NotificationReason,
  isConcerned: (receiver: Receiver) => boolean = () => true,
): boolean {
  const { next, now } = draft;
  if (isHeldBack(draft)) return false;
  tellReceivers(draft, reason, next.plan.receivers.filter(isConcerned));
  Object.assign(next, { announced: true, fresh: 0, gone: 0, toldAt: now, toldSequence: next.sequence });
  delete next.due.announce;
  delete next.due.regroup;
  setReminder(draft);
  return true;
}

/** Repeated until somebody acknowledges it. */
function setReminder({ next, now }: Changing): void {
  delete next.due.repeat;
  const { repeatEvery } = next.plan;
  const isWanted = repeatEvery > 0 && next.status === 'triggered' && !next.flapping && !next.test;
  if (isWanted) next.due.repeat = now + repeatEvery;
}

/** What changed in a group waits for more of it, and for the interval since the last notice. */
export function planRegroup({ next, now }: Changing): void {
  const { plan, fresh, gone, toldAt = 0 } = next;
  if (fresh === 0 && gone === 0) delete next.due.regroup;
  else if (next.announced && !next.suppressed && !next.flapping)
    next.due.regroup ??= Math.max(now + plan.groupWait, toldAt + plan.groupInterval);
}

export const regroup = (draft: Changing): void => tellAgain(draft, false);

export const remind = (draft: Changing): void => tellAgain(draft, true);

function tellAgain(draft: Changing, repeatElapsed: boolean): void {
  const { receivers } = draft.next.plan;
  const sendResolved = receivers.some((receiver) => receiver.sendResolved);
  const reason = decideNotification({ ...draft.next, sendResolved, repeatElapsed });
  const wantsIt = (receiver: Receiver) => {
    if (reason === 'repeat') return receiver.digest === undefined;
    return reason !== 'alerts-resolved' || repeatElapsed || receiver.sendResolved;
  };
  if (reason) tellFiring(draft, reason, wantsIt);
}

/** Who has gone home is told when the hours begin; who is told once a day, with all else of that day. */
function tellReceivers(draft: Changing, reason: NotificationReason, receivers: readonly Receiver[]): void {
  const { next, now, tell } = draft;
  const away = receivers.filter((receiver) => isAway(receiver, now));
  const present = receivers.filter((receiver) => !isAway(receiver, now));
  const told = present.map(({ channel }) => channel);
  tell(reason, told, digestsOf(draft, told));
  const withheld = new Set([...(next.withheld ?? []), ...away.map(({ channel }) => channel)]);
  for (const channel of told) withheld.delete(channel);
  withhold(draft, [...withheld]);
}

/** Channels that are told once a day, and when next. */
function digestsOf({ next, now }: Changing, channels: readonly string[]): Record<string, number> {
  const daily = next.plan.receivers.filter(({ channel }) => channels.includes(channel));
  return Object.fromEntries(
    daily.flatMap(({ channel, digest }) => (digest ? [[channel, nextDaily(digest, now)]] : [])),
  );
}

const isAway = ({ hours, digest }: Receiver, at: number): boolean =>
  hours !== undefined && !digest && !isActive(hours, at);

/** Receivers that are to be told when their hours begin. */
function withhold({ next, now }: Changing, channels: string[]): void {
  delete next.withheld;
  delete next.due.hours;
  if (channels.length === 0) return;
  next.withheld = channels;
  const begins = next.plan.receivers
    .filter(({ channel }) => channels.includes(channel))
    .flatMap(({ hours }) => (hours && nextActive(hours, now)) ?? []);
  if (begins.length > 0) next.due.hours = Math.min(...begins);
}

export function tellWhoseHoursBegin(draft: Changing): void {
  const { withheld = [], plan } = draft.next;
  if (isHeldBack(draft)) return;
  tellReceivers(
    draft,
    'mute-ended',
    plan.receivers.filter(({ channel }) => withheld.includes(channel)),
  );
}

/** Whether it may be told by now. All that it was held back from is told in one notice. */
export function recheck(draft: Changing): void {
  if (draft.next.flapping) delete draft.next.suppressed;
  else if (tellFiring(draft, 'mute-ended')) continueEscalation(draft);
}

/** Tells everybody who knows that it fires, and wants to know its end, whatever is held back now. */
export function tellEnd(draft: Changing): void {
  const { next, notify } = draft;
  if (!next.announced) return;
  const terms = new Map(next.plan.receivers.map((receiver) => [receiver.channel, receiver]));
  const listeners = Object.keys(next.told).filter((channel) => terms.get(channel)?.sendResolved !== false);
  notify('resolved', listeners, next.test ? 'test' : 'resolved', digestsOf(draft, listeners));
  next.toldBefore = { ...next.toldBefore, ...next.told };
  Object.assign(next, { told: {}, announced: false });
}
