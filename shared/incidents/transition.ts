import type { EvidenceItem } from '../history/history.ts';
import { changing } from './changing.ts';
import type { About } from './describe.ts';
import type {
  AlarmRecord,
  AlarmSignal,
  Alert,
  Effect,
  Incident,
  IncidentEvent,
  TimelineEntry,
  Timer,
} from './incident.ts';
import { incidentId } from './incident-id.ts';

/** What may change an incident. */
export type Change =
  | { type: 'alarm'; signal: AlarmSignal; about: About; evidence?: EvidenceItem }
  | { type: 'timer'; timer: Timer; evidence?: EvidenceItem }
  | { type: 'acknowledge'; actor: string }
  | { type: 'resolve'; actor: string; text?: string }
  | { type: 'comment'; actor: string; text: string };

/** What is stored when a change arrives: the alarm's last seen, and its incident or the open one of its group. */
export interface Stored {
  incident?: Incident;
  alarm?: AlarmRecord;
}

/** Where and when a change happens. */
export interface Scene {
  /** Epoch milliseconds. */
  now: number;
  /** The config's name. */
  system: string;
  links(incident: string): IncidentEvent['links'];
}

export type TransitionReason =
  | 'opened'
  | 'alert-added'
  | 'alert-recovered'
  | 'announced'
  | 'acknowledged'
  | 'commented'
  | 'resolved'
  | 'already-firing'
  | 'not-firing'
  | 'not-newer'
  | 'insufficient-data'
  | 'already-acknowledged'
  | 'already-resolved'
  | 'stale-timer';

/** What is to be stored, in one go. Nothing at all where neither `incident` nor `alarm` is set. */
export interface Transition {
  reason: TransitionReason;
  incident?: Incident;
  alarm?: AlarmRecord;
  alerts: Alert[];
  timeline: TimelineEntry[];
  effects: Effect[];
}

/** How long an incident that is not critical waits for more alerts, and for its own recovery, before it is told. */
export const groupWaitMs = 30_000;

const nothing = (reason: TransitionReason): Transition => ({ reason, alerts: [], timeline: [], effects: [] });

/** What a change makes of what is stored. Pure: the same arguments give the same transition. */
export function transition(stored: Stored, change: Change, scene: Scene): Transition {
  const { incident } = stored;
  if (change.type === 'alarm') return onAlarm(stored, change, scene);
  if (!incident) throw new Error(`${change.type} needs an incident, got none: load it first`);
  switch (change.type) {
    case 'timer':
      return onTimer(incident, change, scene);
    case 'acknowledge':
      return onAcknowledge(incident, change.actor, scene);
    case 'resolve':
      return onResolve(incident, change, scene);
    case 'comment':
      return onComment(incident, change, scene);
  }
}

type AlarmChange = Extract<Change, { type: 'alarm' }>;

function onAlarm(stored: Stored, change: AlarmChange, scene: Scene): Transition {
  const { signal } = change;
  if (signal.state === 'INSUFFICIENT_DATA') return nothing('insufficient-data');
  if (stored.alarm && signal.at <= stored.alarm.at) return nothing('not-newer');
  return signal.state === 'ALARM' ? onFiring(stored, change, scene) : onRecovery(stored, signal, scene);
}

function onFiring({ incident, alarm }: Stored, change: AlarmChange, scene: Scene): Transition {
  const { signal } = change;
  const seen: AlarmRecord = { ...alarm, key: signal.key, state: 'ALARM', at: signal.at };
  const open = incident && incident.status !== 'resolved' ? incident : undefined;
  if (open && alarm?.state === 'ALARM' && alarm.incident === open.id)
    return { ...nothing('already-firing'), alarm: seen };

  const draft = changing(open ?? opening(change), scene);
  const { next } = draft;
  const alert: Alert = {
    alarm: signal.key,
    name: signal.name,
    startedAt: signal.at,
    reason: signal.reason,
  };
  next.firing += 1;
  next.alerts += 1;
  const text = `${signal.name}: ${signal.reason || 'ALARM'}`;
  if (open) draft.note('alert-added', signal.at, 'cloudwatch', text);
  else {
    draft.note('opened', signal.at, 'cloudwatch', text);
    if (next.severity === 'critical' || next.test) draft.announce(signal.at);
    else draft.startTimer('group-wait', scene.now + groupWaitMs);
  }
  return draft.done(open ? 'alert-added' : 'opened', {
    alarm: { ...seen, incident: next.id, alert },
    alerts: [alert],
  });
}

function opening({ signal, about, evidence }: AlarmChange): Incident {
  return {
    ...about,
    id: incidentId(about.groupKey, signal.key, signal.at),
    status: 'triggered',
    ...(signal.test && { test: true }),
    ...(signal.reason && { cause: signal.reason }),
    openedAt: signal.at,
    firing: 0,
    alerts: 0,
    announced: false,
    revision: 0,
    sequence: 0,
    fence: 0,
    version: 0,
    ...(evidence && { evidence }),
  };
}

function onRecovery({ incident, alarm }: Stored, signal: AlarmSignal, scene: Scene): Transition {
  const seen: AlarmRecord = { ...alarm, key: signal.key, state: 'OK', at: signal.at };
  const firing = alarm?.state === 'ALARM' && alarm.alert !== undefined;
  if (!firing || !incident || alarm.incident !== incident.id)
    return { ...nothing('not-firing'), alarm: seen };

  const alert = { ...alarm.alert!, endedAt: signal.at };
  const draft = changing(incident, scene);
  const actor = signal.form === 'deleted' ? 'tocsin' : 'cloudwatch';
  draft.note('alert-recovered', signal.at, actor, `${signal.name}: ${signal.reason || 'OK'}`);
  if (incident.status === 'resolved')
    return draft.done('alert-recovered', { alarm: { ...seen, alert }, alerts: [alert] });

  draft.next.firing -= 1;
  const last = draft.next.firing === 0;
  if (last) draft.resolve(signal.at, signal.form === 'deleted' ? 'alarm-deleted' : 'recovered');
  return draft.done(last ? 'resolved' : 'alert-recovered', { alarm: { ...seen, alert }, alerts: [alert] });
}

function onTimer(incident: Incident, change: Extract<Change, { type: 'timer' }>, scene: Scene): Transition {
  const { timer, evidence } = change;
  if (timer.fence !== incident.fence) return nothing('stale-timer');
  const draft = changing(incident, scene);
  if (evidence && !incident.evidence) draft.next.evidence = evidence;
  draft.announce(scene.now);
  return draft.done('announced');
}

function onAcknowledge(incident: Incident, actor: string, scene: Scene): Transition {
  if (incident.status === 'resolved') return nothing('already-resolved');
  if (incident.status === 'acknowledged') return nothing('already-acknowledged');
  const draft = changing(incident, scene);
  Object.assign(draft.next, { status: 'acknowledged', acknowledgedAt: scene.now, acknowledgedBy: actor });
  draft.note('acknowledged', scene.now, actor, `acknowledged by ${actor}`);
  draft.publish('acknowledged', { at: scene.now, receivers: [], actor });
  return draft.done('acknowledged');
}

function onResolve(
  incident: Incident,
  { actor, text }: Extract<Change, { type: 'resolve' }>,
  scene: Scene,
): Transition {
  if (incident.status === 'resolved') return nothing('already-resolved');
  const draft = changing(incident, scene);
  draft.resolve(scene.now, actor, text);
  return draft.done('resolved');
}

function onComment(
  incident: Incident,
  { actor, text }: Extract<Change, { type: 'comment' }>,
  scene: Scene,
): Transition {
  const draft = changing(incident, scene);
  draft.note('commented', scene.now, actor, text);
  draft.publish('commented', { at: scene.now, receivers: [], actor, text });
  return draft.done('commented');
}
