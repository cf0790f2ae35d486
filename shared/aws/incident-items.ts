import { createHash } from 'node:crypto';
import type { Alert, Effect, Incident, TimelineEntry } from '../incidents/incident.ts';
import type { AlarmSeen, Stored, Transition } from '../incidents/transition/change.ts';
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

/** What was stored when a transition was decided on. */
export type Before = Pick<Stored, 'incident' | 'group'>;

/** Everything one transition stores: all of it or nothing. Empty where it changes nothing. */
export function writesOf(before: Before, transition: Transition, now: number): Write[] {
  const expiresAt = Math.ceil(now / 1_000) + keptSeconds;
  const { incident, alarms } = transition;
  return [
    ...(incident ? incidentWrites(incident, before, expiresAt) : []),
    ...(incident ? attachedWrites(incident.id, transition, now, expiresAt) : []),
    ...alarms.map((seen) => alarmWrite(seen, expiresAt)),
  ];
}

function incidentWrites(incident: Incident, before: Before, expiresAt: number): Write[] {
  const put = {
    ...keys.incident(incident.id),
    ...incident,
    listPk: 'INCIDENTS',
    listSk: iso(incident.openedAt),
    ...(isOpen(incident) ? {} : { expiresAt }),
  };
  const write: Write =
    before.incident?.id === incident.id
      ? { put, condition: 'version = :version', values: { ':version': before.incident.version } }
      : { put, condition: 'attribute_not_exists(pk)' };
  return [write, ...pointerWrites(incident, before, expiresAt)];
}

/**
 * The pointer names the latest incident of a group, so that only one is open, and one that ended can be opened again. It is listed while
 * that is open: the open ones are few, all are many.
 */
function pointerWrites(incident: Incident, before: Before, expiresAt: number): Write[] {
  const isNew = before.incident?.id !== incident.id;
  if (!isNew && isOpen(incident) === isOpen(before.incident!)) return [];
  const put = {
    ...keys.group(incident.groupKey),
    incident: incident.id,
    ...(isOpen(incident) ? { listPk: 'OPEN', listSk: iso(incident.openedAt) } : { expiresAt }),
  };
  const group = isNew ? before.group : incident.id;
  return [
    group === undefined
      ? { put, condition: 'attribute_not_exists(pk)' }
      : { put, condition: 'incident = :group', values: { ':group': group } },
  ];
}

const isOpen = ({ status }: Incident): boolean => status !== 'resolved';

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

/** Nobody else may have seen a change of this alarm since it was read. Those that fire are listed: they are few, all are many. */
function alarmWrite({ before, after }: AlarmSeen, expiresAt: number): Write {
  const listed = after.state === 'ALARM' && { listPk: 'FIRING', listSk: iso(after.at) };
  const put = { ...keys.alarm(after.key), ...after, ...listed, expiresAt };
  return before
    ? { put, names: { '#at': 'at' }, condition: '#at = :at', values: { ':at': before.at } }
    : { put, condition: 'attribute_not_exists(pk)' };
}
