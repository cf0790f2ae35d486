import type { Incident } from '../incident.ts';
import { page, tellEnd } from './announce.ts';
import type { Changing } from './changing.ts';

/** Opened again so often in so many milliseconds, it is flapping. */
const often = { times: 4, withinMs: 3_600_000 };

/** Milliseconds without coming or going after which it is at rest. */
const restMs = 10 * 60_000;

/** It was opened again by an alarm. True when it comes and goes so often that this is to be said, once. */
export function beginsToFlap(next: Incident, at: number): boolean {
  if (next.flapping) return false;
  next.reopenings = [...(next.reopenings ?? []), at].filter((each) => at - each < often.withinMs);
  if (next.reopenings.length < often.times) return false;
  next.flapping = true;
  return true;
}

/** While it comes and goes, only its coming to rest is waited for. */
export function awaitRest({ next, now }: Changing): void {
  next.due = { settle: now + restMs };
}

/** It is at rest: people are told the state it rests in. */
export function settle(draft: Changing): void {
  calm(draft.next);
  if (draft.next.status === 'resolved') tellEnd(draft);
  else page(draft, 'reopened');
}

/** It is at rest, or a person decided its state. */
export function calm(next: Incident): void {
  delete next.flapping;
  delete next.reopenings;
}
