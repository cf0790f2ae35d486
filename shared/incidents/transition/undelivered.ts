import type { Incident } from '../incident.ts';
import { nothing, type Scene, type Transition, type Undelivered } from './change.ts';
import { type Changing, changing } from './changing.ts';

/** A channel could not be told: the one that stands in for it is told instead, and everything from then on. */
export function onUndelivered(incident: Incident, failure: Undelivered, scene: Scene): Transition {
  const { channel, revision, reason } = failure;
  if (revision <= (incident.undelivered?.[channel] ?? 0)) return nothing('already-known');
  const text = `${channel} could not be told: ${reason}`;
  const draft = changing(incident, scene, scene.now, { text });
  const { next } = draft;
  next.undelivered = { ...incident.undelivered, [channel]: revision };
  const fallback = scene.fallbackOf(channel);
  // Channels that stand in for each other, and all fail, are not asked in circles.
  const stands = fallback !== undefined && !(fallback in next.undelivered);
  const instead = stands ? `; ${fallback} stands in for it` : '; nobody stands in for it';
  draft.note('undelivered', 'tocsin', text + instead);
  if (stands) tellInstead(draft, failure, fallback);
  return draft.finish('undelivered');
}

function tellInstead({ next, tell, notify }: Changing, failure: Undelivered, fallback: string): void {
  const { channel, revision } = failure;
  const terms = next.plan.receivers.find((receiver) => receiver.channel === channel);
  if (!next.plan.receivers.some((receiver) => receiver.channel === fallback))
    next.plan.receivers.push({ channel: fallback, sendResolved: terms?.sendResolved ?? true });
  if (next.announced) {
    if ((next.told[fallback] ?? 0) < revision) tell('fallback', [fallback]);
    return;
  }
  // Of what is over only the end is told, and only where it is the end that did not arrive.
  const missedEnd = next.status === 'resolved' && next.toldBefore?.[channel] === revision;
  if (!missedEnd || (next.toldBefore?.[fallback] ?? 0) >= revision) return;
  notify('resolved', [fallback], 'fallback');
  next.toldBefore = { ...next.toldBefore, ...next.told };
  next.told = {};
}
