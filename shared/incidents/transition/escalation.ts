import type { Escalation } from '../../routing/route.ts';
import type { Incident } from '../incident.ts';
import type { Changing } from './changing.ts';
import { isHeldBack } from './suppressing.ts';

/** From the first step on, unless somebody is on it. */
export function beginEscalation(next: Incident): void {
  endEscalation(next);
  const isWanted = next.status === 'triggered' && !next.flapping;
  if (isWanted && next.plan.escalation?.steps.length) next.escalation = { round: 0, step: 0 };
}

export function endEscalation(next: Incident): void {
  delete next.escalation;
  delete next.due.escalate;
}

/** The next step comes after its wait, which begins now. */
export function continueEscalation(draft: Changing): void {
  const { next, now } = draft;
  const { plan, escalation } = next;
  if (!escalation || !plan.escalation) return;
  next.due.escalate = now + plan.escalation.steps[escalation.step]!.after;
  if (next.due.escalate <= now) escalate(draft, next.due.escalate);
}

/** Takes the steps that are due: by the time they were due at, not by when the timer came. */
export function escalate(draft: Changing, at: number): void {
  if (isHeldBack(draft)) return;
  const { next, now } = draft;
  let due: number | undefined = at;
  while (due !== undefined && due <= now) due = takeStep(draft, due);
  if (due === undefined) endEscalation(next);
  else next.due.escalate = due;
}

/**
 * Tells the step's targets, or those of the first step after it that has any, or else everybody the incident is told to: never nobody.
 * Returns when the step after that is due; undefined where it was the last.
 */
function takeStep({ next, scene, tell }: Changing, due: number): number | undefined {
  const { plan } = next;
  const policy = plan.escalation!;
  const { round, step } = next.escalation!;
  const channels = policy.steps.map(({ notify }) => notify.flatMap(scene.channelsOf));
  const reached = channels.findIndex((each, index) => index >= step && each.length > 0);
  tell('escalated', channels[reached] ?? plan.receivers.map(({ channel }) => channel));
  const following = stepAfter(policy, round, reached < 0 ? policy.steps.length - 1 : reached);
  if (!following) return undefined;
  next.escalation = following;
  // A round that begins at once would be told together with the one before.
  return due + (policy.steps[following.step]!.after || (following.step === 0 ? plan.groupInterval : 0));
}

function stepAfter(
  { steps, repeat }: Escalation,
  round: number,
  step: number,
): Incident['escalation'] | undefined {
  if (step + 1 < steps.length) return { round, step: step + 1 };
  return round < repeat ? { round: round + 1, step: 0 } : undefined;
}
