import { createHash } from 'node:crypto';
import type { AlarmRecord, Alert, Effect, Incident, TimelineEntry } from '../incidents/incident.ts';
import type { Stored, Transition } from '../incidents/transition.ts';
import type { Write } from './transact.ts';

/** Seconds everything is kept after it was written. */
const keptSeconds = 400 * 86_400;

/** How the `incidents` table's items are named, and what each write of a transition demands. */
export const keys = {
  incident: (id: string) => ({ pk: `INCIDENT#${id}`, sk: 'INCIDENT' }),
  alert: (id: string, { startedAt, alarm }: Alert) => ({
    pk: `INCIDENT#${id}`,
    sk: `ALERT#${iso(startedAt)}#${createHash('sha256').update(alarm).digest('hex').slice(0, 16)}`,
  }),
  timeline: (id: string, sequence: number) => ({ pk: `INCIDENT#${id}`, sk: `TIMELINE#${padded(sequence)}` }),
  effect: (id: string, sequence: number) => ({ pk: `INCIDENT#${id}`, sk: `EFFECT#${padded(sequence)}` }),
  group: (groupKey: string) => ({ pk: `GROUP#${groupKey}`, sk: 'OPEN' }),
  alarm: (key: string) => ({ pk: `ALARM#${key}`, sk: 'STATE' }),
};

const padded = (sequence: number) => String(sequence).padStart(8, '0');

export const iso = (at: number) => new Date(at).toISOString();

/** Everything one transition stores: all of it or nothing. Empty where it changes nothing. */
export function writesOf(stored: Stored, transition: Transition, now: number): Write[] {
  const expiresAt = Math.ceil(now / 1_000) + keptSeconds;
  const { incident, alarm } = transition;
  return [
    ...(incident ? incidentWrites(incident, stored.incident, expiresAt) : []),
    ...(incident ? attachedWrites(incident.id, transition, now, expiresAt) : []),
    ...(alarm ? [alarmWrite(alarm, stored.alarm, expiresAt)] : []),
  ];
}

function incidentWrites(incident: Incident, before: Incident | undefined, expiresAt: number): Write[] {
  const resolved = incident.status === 'resolved';
  const put = {
    ...keys.incident(incident.id),
    ...incident,
    listPk: 'INCIDENTS',
    listSk: iso(incident.openedAt),
    ...(resolved && { expiresAt }),
  };
  const write: Write =
    before?.id === incident.id
      ? { put, condition: 'version = :version', values: { ':version': before.version } }
      : { put, condition: 'attribute_not_exists(pk)' };
  return [write, ...pointerWrites(incident, before)];
}

/** The pointer makes an open incident the only one of its group. It is listed too: the open ones are few, all are many. */
function pointerWrites(incident: Incident, before: Incident | undefined): Write[] {
  const key = keys.group(incident.groupKey);
  const opens = before?.id !== incident.id;
  if (opens) {
    const put = { ...key, incident: incident.id, listPk: 'OPEN', listSk: iso(incident.openedAt) };
    return [{ put, condition: 'attribute_not_exists(pk)' }];
  }
  const resolves = incident.status === 'resolved' && before?.status !== 'resolved';
  return resolves ? [{ delete: key, condition: 'incident = :id', values: { ':id': incident.id } }] : [];
}

function attachedWrites(id: string, transition: Transition, now: number, expiresAt: number): Write[] {
  const items = [
    ...transition.alerts.map((alert) => ({ ...keys.alert(id, alert), ...alert })),
    ...transition.timeline.map((entry: TimelineEntry) => ({
      ...keys.timeline(id, entry.sequence),
      ...entry,
    })),
    ...transition.effects.map((effect: Effect) => ({
      ...keys.effect(id, effect.sequence),
      effect,
      incident: id,
      pendingPk: 'PENDING',
      pendingSk: iso(effect.kind === 'timer' ? effect.timer.dueAt : now),
    })),
  ];
  return items.map((item) => ({ put: { ...item, expiresAt } }));
}

/** Nobody else may have seen a change of this alarm since it was read. */
function alarmWrite(alarm: AlarmRecord, before: AlarmRecord | undefined, expiresAt: number): Write {
  const put = { ...keys.alarm(alarm.key), ...alarm, expiresAt };
  return before
    ? { put, names: { '#at': 'at' }, condition: '#at = :at', values: { ':at': before.at } }
    : { put, condition: 'attribute_not_exists(pk)' };
}
