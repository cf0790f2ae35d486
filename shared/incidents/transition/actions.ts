import type { Incident } from '../incident.ts';
import { page } from './announce.ts';
import { type Action, nothing, type Scene, type Stored, type Transition } from './change.ts';
import { type Changing, changing } from './changing.ts';
import { resolve, unresolve } from './resolving.ts';
import { isMoreSevere, raise, setSeverity } from './severity-change.ts';

type ActionOf<Type extends Action['type']> = Extract<Action, { type: Type }>;

export function onResolve(
  incident: Incident,
  { actor, text }: ActionOf<'resolve'>,
  scene: Scene,
): Transition {
  if (incident.status === 'resolved') return nothing('already-resolved');
  const draft = changing(incident, scene, scene.now, { actor, ...(text && { text }) });
  resolve(draft, scene.now, actor, text);
  return draft.finish('resolved');
}

/** Only the latest incident of a group can be open. */
export function onReopen(
  incident: Incident,
  { actor, text }: ActionOf<'reopen'>,
  { group }: Pick<Stored, 'group'>,
  scene: Scene,
): Transition {
  if (incident.status !== 'resolved') return nothing('already-open');
  if (group !== undefined && group !== incident.id) return nothing('newer-incident');
  const draft = changing(incident, scene, scene.now, { actor, ...(text && { text }) });
  unresolve(draft.next, scene.now);
  draft.note('reopened', actor, [`reopened by ${actor}`, text].filter(Boolean).join(': '));
  page(draft, 'reopened');
  return draft.finish('reopened');
}

export function onAssign(
  incident: Incident,
  { actor, assignee }: ActionOf<'assign'>,
  scene: Scene,
): Transition {
  if (incident.assignee === assignee) return nothing('unchanged');
  const text = assignee === undefined ? 'assigned to nobody' : `assigned to ${assignee}`;
  const draft = changing(incident, scene, scene.now, { actor, text });
  if (assignee === undefined) delete draft.next.assignee;
  else draft.next.assignee = assignee;
  draft.note('assigned', actor, text);
  draft.follow('assigned');
  if (assignee !== undefined) tellAssignee(draft, actor, assignee);
  return draft.finish('assigned');
}

/** Whoever gives to somebody else what people know of wants them to hear of it. Who takes it knows already. */
function tellAssignee({ next, scene, tell }: Changing, actor: string, assignee: string): void {
  if (!next.announced || scene.isPerson(assignee, actor)) return;
  const contacts = scene.channelsOf({ person: assignee });
  if (contacts.length > 0) tell('assigned', contacts);
}

export function onComment(
  incident: Incident,
  { actor, text }: ActionOf<'comment'>,
  scene: Scene,
): Transition {
  const draft = changing(incident, scene, scene.now, { actor, text });
  draft.note('commented', actor, text);
  draft.follow('commented');
  return draft.finish('commented');
}

/** A higher one is told to everybody whom an incident of that severity concerns, a lower one to nobody who does not follow. */
export function onSeverity(
  incident: Incident,
  { actor, severity, text }: ActionOf<'severity'>,
  scene: Scene,
): Transition {
  if (incident.status === 'resolved') return nothing('already-resolved');
  if (incident.severity === severity) return nothing('unchanged');
  const change = `severity changed from ${incident.severity} to ${severity}`;
  const said = [change, text].filter(Boolean).join(': ');
  const draft = changing(incident, scene, scene.now, { actor, text: said });
  const { next } = draft;
  next.overruled ??= incident.severity;
  draft.note('severity-changed', actor, said);
  setSeverity(next, severity);
  if (isMoreSevere(severity, incident.severity)) {
    draft.publish('severity-changed', { receivers: [] });
    raise(draft, severity, scene.planFor(next.subject, next.labels));
  } else draft.follow('severity-changed');
  return draft.finish('severity-changed');
}
