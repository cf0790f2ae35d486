import { changesText } from '../../deployments/told.ts';
import type { AlarmRecord, AlarmSignal, Alert, Incident } from '../incident.ts';
import { incidentId } from '../incident-id.ts';
import { announce, page, planRegroup, tellFiring } from './announce.ts';
import { type Change, nothing, type Scene, type Stored, type Transition } from './change.ts';
import { type Changing, changing } from './changing.ts';
import { continueEscalation } from './escalation.ts';
import { awaitRest, beginsToFlap } from './flapping.ts';
import { enlist, retitle, strike } from './members.ts';
import { resolve, unresolve } from './resolving.ts';
import { isMoreSevere, joined, raise } from './severity-change.ts';
import { isHeldBack } from './suppressing.ts';

type AlarmChange = Extract<Change, { type: 'alarm' }>;

/** An alarm changed its state. What is not newer than its last change is none. */
export function onAlarm(stored: Stored, change: AlarmChange, scene: Scene): Transition {
  const { signal } = change;
  if (signal.state === 'INSUFFICIENT_DATA') return nothing('insufficient-data');
  if (stored.alarm && signal.at <= stored.alarm.at) return nothing('not-newer');
  return signal.state === 'ALARM' ? onFiring(stored, change, scene) : onRecovery(stored, signal, scene);
}

function onFiring({ incident, alarm }: Stored, change: AlarmChange, scene: Scene): Transition {
  const { signal } = change;
  const seen: AlarmRecord = { ...alarm, key: signal.key, state: 'ALARM', at: signal.at };
  const isOpen = incident !== undefined && incident.status !== 'resolved';
  // It may fire anew without having recovered, in an incident that a person resolved meanwhile.
  const isCounted = alarm?.state === 'ALARM' && incident !== undefined && alarm.incident === incident.id;
  if (isOpen && isCounted) return { ...nothing('already-firing'), alarms: [pair(alarm, seen)] };

  const isSame = isOpen || (incident !== undefined && goesOn(incident, change, scene));
  const draft = changing(isSame ? incident : opening(change), scene, signal.at);
  const { next, note } = draft;
  const reason = isOpen ? 'alert-added' : isSame ? 'reopened' : 'opened';
  note(reason, 'cloudwatch', `${signal.name}: ${signal.reason || 'ALARM'}`);
  if (!isOpen && change.changes?.length) note('note', 'tocsin', changesText(change.changes, signal.at));
  const alert = isSame && isCounted ? alarm.alert! : addAlert(next, change);
  if (isOpen) join(draft, change);
  else if (isSame) reopen(draft, change);
  else awaitGroup(draft);
  return draft.finish(reason, {
    alarms: [pair(alarm, { ...seen, incident: next.id, alert })],
    alerts: [alert],
  });
}

const pair = (before: AlarmRecord | undefined, after: AlarmRecord) => ({ ...(before && { before }), after });

/** Whether what fires soon after the end is the same incident. A test is never the same as anything. */
function goesOn(incident: Incident, { signal, about }: AlarmChange, { reopenWithin }: Scene): boolean {
  const isSoon = signal.at - incident.resolvedAt! <= reopenWithin;
  return isSoon && !incident.test && !signal.test && incident.groupKey === about.groupKey;
}

function opening({ signal, about, evidence, changes }: AlarmChange): Incident {
  return {
    ...about,
    id: incidentId(about.groupKey, signal.key, signal.at),
    status: 'triggered',
    ...(signal.test && { test: true }),
    ...(signal.reason && { cause: signal.reason }),
    openedAt: signal.at,
    firing: 0,
    alerts: 0,
    told: {},
    announced: false,
    fresh: 0,
    gone: 0,
    due: {},
    revision: 0,
    sequence: 0,
    fence: 0,
    version: 0,
    ...(changes?.length && { changes }),
    ...(evidence && { evidence }),
  };
}

function addAlert(next: Incident, { signal, about: { title } }: AlarmChange): Alert {
  const { key, name, at, reason } = signal;
  next.firing += 1;
  next.alerts += 1;
  enlist(next, title);
  return { alarm: key, name, title, startedAt: at, reason, sequence: next.sequence };
}

/** People hear of it when its group has waited. */
function awaitGroup(draft: Changing): void {
  const { next, now } = draft;
  const wait = next.test ? 0 : next.plan.groupWait;
  if (wait > 0) next.due.announce = now + wait;
  else announce(draft);
}

function join(draft: Changing, { signal, about }: AlarmChange): void {
  const { next } = draft;
  const wasTest = next.test && !signal.test;
  take(next, about);
  if (wasTest) {
    delete next.test;
    next.title = about.title;
  } else countIn(next, about.title);
  const worse = isMoreSevere(about.severity, next.overruled ?? next.severity);
  if (worse && next.overruled) next.overruled = about.severity;
  if (worse && isMoreSevere(about.severity, next.severity)) raise(draft, about.severity, about.plan);
  else if (next.announced && wasTest) page(draft, 'new-alerts');
  else tellOfMember(draft);
}

/** A group is held back only while all of it is: a member may end that. */
function tellOfMember(draft: Changing): void {
  const { next } = draft;
  const isReleased = next.suppressed !== undefined && !isHeldBack(draft);
  if (next.announced) next.fresh += 1;
  if (!isReleased) planRegroup(draft);
  else if (!next.announced) awaitGroup(draft);
  else if (tellFiring(draft, 'new-alerts')) continueEscalation(draft);
}

/** What an alert brings to the incident it is part of. */
function take(next: Incident, { labels, plan }: AlarmChange['about']): void {
  const common = Object.entries(next.labels).filter(([label, value]) => labels[label] === value);
  next.labels = { ...Object.fromEntries(common), severity: next.severity };
  next.plan.receivers = joined(next.plan.receivers, plan.receivers);
}

/** From its second thing on a group is about several. */
function countIn(next: Incident, title: string): void {
  const first = next.headline?.title ?? next.title;
  const most = Math.max(next.headline?.most ?? 1, next.firing);
  if ((title === first && !next.headline) || most < 2) return;
  next.headline = { title: first, most };
  retitle(next);
}

/** It fires again soon after its end, and is about what fires now. */
function reopen(draft: Changing, { signal, about, evidence, changes }: AlarmChange): void {
  const { next } = draft;
  const { groupKey, plan, severity, labels, ...what } = about;
  unresolve(next, signal.at);
  delete next.headline;
  delete next.evidence;
  Object.assign(
    next,
    what,
    { cause: signal.reason },
    evidence && { evidence },
    changes?.length && { changes },
  );
  take(next, about);
  if (isMoreSevere(severity, next.overruled ?? next.severity)) raise(draft, severity, plan);
  if (beginsToFlap(next, signal.at)) tellFiring(draft, 'flapping');
  if (next.flapping) awaitRest(draft);
  else awaitGroup(draft);
}

function onRecovery({ incident, alarm }: Stored, signal: AlarmSignal, scene: Scene): Transition {
  const seen: AlarmRecord = { ...alarm, key: signal.key, state: 'OK', at: signal.at };
  const firing = alarm?.state === 'ALARM' && alarm.alert !== undefined;
  if (!firing || !incident || alarm.incident !== incident.id)
    return { ...nothing('not-firing'), alarms: [pair(alarm, seen)] };

  const alert = { ...alarm.alert!, endedAt: signal.at };
  const draft = changing(incident, scene, signal.at);
  const { next, note } = draft;
  const isDeleted = signal.form === 'deleted';
  note('alert-recovered', isDeleted ? 'tocsin' : 'cloudwatch', `${signal.name}: ${signal.reason || 'OK'}`);
  next.firing -= 1;
  strike(next, alert.title);
  const isLast = next.status !== 'resolved' && next.firing === 0;
  if (isLast) resolve(draft, signal.at, isDeleted ? 'alarm-deleted' : 'recovered');
  else if (next.announced) leave(draft, alert);
  return draft.finish(isLast ? 'resolved' : 'alert-recovered', {
    alarms: [pair(alarm, { ...seen, alert })],
    alerts: [alert],
  });
}

/** One of several is over: news where people were told of it, and none where they were not. */
function leave(draft: Changing, alert: Alert): void {
  const { next } = draft;
  if (alert.sequence > (next.toldSequence ?? 0)) next.fresh -= 1;
  else next.gone += 1;
  planRegroup(draft);
}
