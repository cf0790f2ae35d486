import type { Incident } from './incident.ts';
import { onAcknowledge, onUnacknowledge } from './transition/acknowledgement.ts';
import { onAssign, onComment, onReopen, onResolve, onSeverity } from './transition/actions.ts';
import { onAlarm } from './transition/alarm-change.ts';
import { recheck } from './transition/announce.ts';
import { type Change, nothing, type Scene, type Stored, type Transition } from './transition/change.ts';
import { changing } from './transition/changing.ts';
import { onTimer } from './transition/due.ts';
import { onReported } from './transition/reported.ts';
import { onUndelivered } from './transition/undelivered.ts';

/** What a change makes of what is stored. Pure: the same arguments give the same transition. */
export function transition(stored: Stored, change: Change, scene: Scene): Transition {
  if (change.type === 'alarm') return onAlarm(stored, change, scene);
  const { incident } = stored;
  if (!incident) throw new Error(`${change.type} needs an incident, got none: load it first`);
  switch (change.type) {
    case 'timer':
      return onTimer(incident, change, scene);
    case 'recheck':
      return onRecheck(incident, scene);
    case 'undelivered':
      return onUndelivered(incident, change, scene);
    case 'reported':
      return onReported(incident, change, scene);
    case 'acknowledge':
      return onAcknowledge(incident, change.actor, scene);
    case 'unacknowledge':
      return onUnacknowledge(incident, change.actor, scene);
    case 'resolve':
      return onResolve(incident, change, scene);
    case 'reopen':
      return onReopen(incident, change, stored, scene);
    case 'assign':
      return onAssign(incident, change, scene);
    case 'comment':
      return onComment(incident, change, scene);
    case 'severity':
      return onSeverity(incident, change, scene);
  }
}

function onRecheck(incident: Incident, scene: Scene): Transition {
  if (!incident.suppressed) return nothing('not-suppressed');
  const draft = changing(incident, scene);
  recheck(draft);
  return draft.finish('rechecked');
}
