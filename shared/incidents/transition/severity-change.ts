import type { Plan, Receiver } from '../../routing/route.ts';
import { type Severity, severities } from '../../severity.ts';
import type { Incident } from '../incident.ts';
import { voidAcknowledgement } from './acknowledgement.ts';
import { announce, page, recheck } from './announce.ts';
import type { Changing } from './changing.ts';
import { beginEscalation } from './escalation.ts';

export const isMoreSevere = (one: Severity, other: Severity): boolean =>
  severities.indexOf(one) > severities.indexOf(other);

export function setSeverity(next: Incident, severity: Severity): void {
  next.severity = severity;
  next.labels.severity = severity;
}

/**
 * It is worse than it was: told anew, also to those whom `plan` adds, even where somebody acknowledged it, for that was of something
 * lesser.
 */
export function raise(draft: Changing, severity: Severity, plan: Plan): void {
  const { next, now } = draft;
  setSeverity(next, severity);
  const { groupKey } = next.plan;
  next.plan = { ...next.plan, ...plan, groupKey, receivers: joined(next.plan.receivers, plan.receivers) };
  if (next.status === 'acknowledged') voidAcknowledgement(next);
  if (next.flapping) return;
  if (next.suppressed) {
    beginEscalation(next);
    recheck(draft);
  } else if (next.announced) page(draft, 'severity-raised');
  else if (next.due.announce !== undefined) {
    next.due.announce = Math.min(next.due.announce, now + plan.groupWait);
    if (next.due.announce <= now) announce(draft);
  }
}

/** Receivers of two plans; one in both keeps the terms it has. */
export function joined(receivers: readonly Receiver[], others: readonly Receiver[]): Receiver[] {
  const known = new Set(receivers.map(({ channel }) => channel));
  return [...receivers, ...others.filter(({ channel }) => !known.has(channel))];
}
