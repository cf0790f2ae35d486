import type { Incident } from '../incident.ts';
import { page } from './announce.ts';
import { nothing, type Scene, type Transition } from './change.ts';
import { type Changing, changing } from './changing.ts';
import { endEscalation } from './escalation.ts';

/** Somebody is on it: it is not escalated or repeated any further. */
export function onAcknowledge(incident: Incident, actor: string, scene: Scene): Transition {
  if (incident.status === 'resolved') return nothing('already-resolved');
  if (incident.status === 'acknowledged') return nothing('already-acknowledged');
  const draft = changing(incident, scene, scene.now, { actor });
  const { next, now, note, follow } = draft;
  Object.assign(next, { status: 'acknowledged', acknowledgedAt: now, acknowledgedBy: actor });
  next.firstAcknowledgedAt ??= now;
  endEscalation(next);
  delete next.due.repeat;
  const { acknowledgedFor = 0 } = next.plan.escalation ?? {};
  if (acknowledgedFor > 0) next.due.unacknowledge = now + acknowledgedFor;
  note('acknowledged', actor, `acknowledged by ${actor}`);
  follow('acknowledged');
  return draft.finish('acknowledged');
}

/** Whoever was on it is not any more. */
export function onUnacknowledge(incident: Incident, actor: string, scene: Scene): Transition {
  if (incident.status === 'resolved') return nothing('already-resolved');
  if (incident.status !== 'acknowledged') return nothing('not-acknowledged');
  const draft = changing(incident, scene, scene.now, { actor });
  unacknowledge(draft, actor, `${actor} took the acknowledgement back`);
  return draft.finish('unacknowledged');
}

/** The acknowledgement led to nothing for too long. */
export function expireAcknowledgement(draft: Changing): void {
  unacknowledge(draft, 'tocsin', `acknowledged by ${draft.next.acknowledgedBy} for too long`);
}

function unacknowledge(draft: Changing, actor: string, text: string): void {
  const { next, note } = draft;
  voidAcknowledgement(next);
  note('unacknowledged', actor, text);
  if (next.announced && !next.flapping) page(draft, 'unacknowledged');
}

export function voidAcknowledgement(next: Incident): void {
  next.status = 'triggered';
  delete next.acknowledgedAt;
  delete next.acknowledgedBy;
  delete next.due.unacknowledge;
}
