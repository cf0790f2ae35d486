import type { Due, Incident } from '../incident.ts';
import { expireAcknowledgement } from './acknowledgement.ts';
import { announce, recheck, regroup, remind, tellWhoseHoursBegin } from './announce.ts';
import { type Change, nothing, type Scene, type Transition } from './change.ts';
import { type Changing, changing } from './changing.ts';
import { escalate } from './escalation.ts';
import { settle } from './flapping.ts';

/** What happens when its time has come, in this order where it is the same time. */
const happenings: [keyof Due, (draft: Changing, at: number) => void][] = [
  ['unacknowledge', expireAcknowledgement],
  ['settle', settle],
  ['recheck', recheck],
  ['announce', announce],
  ['hours', tellWhoseHoursBegin],
  ['regroup', regroup],
  ['repeat', remind],
  ['escalate', escalate],
];

/** A timer arrived that is not early: all happens that is due by now. */
export function onTimer(
  incident: Incident,
  { timer, evidence }: Extract<Change, { type: 'timer' }>,
  scene: Scene,
): Transition {
  if (timer.fence !== incident.fence) return nothing('stale-timer');
  const draft = changing(incident, scene);
  const { next, now } = draft;
  delete next.wakesAt;
  next.fence += 1;
  if (evidence && next.status !== 'resolved') next.evidence = evidence;
  for (const [kind, happen] of happenings) {
    const at = next.due[kind];
    if (at === undefined || at > now) continue;
    delete next.due[kind];
    happen(draft, at);
  }
  return draft.finish(next.announced && !incident.announced ? 'announced' : 'woken');
}
