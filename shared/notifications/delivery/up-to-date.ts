import type { Incident, IncidentEvent } from '../../incidents/incident.ts';

/** What of an incident changes while it lasts. */
const changing = [
  'status',
  'severity',
  'firing',
  'alerts',
  'acknowledgedAt',
  'acknowledgedBy',
  'resolvedAt',
  'resolvedBy',
  'evidence',
] as const satisfies (keyof Incident)[];

/** A late event with its incident as that is now: the same news, told truthfully. */
export function upToDate(event: IncidentEvent, current: Incident | undefined): IncidentEvent {
  if (!current) return event;
  const now = Object.fromEntries(
    changing.flatMap((field) => (field in current ? [[field, current[field]]] : [])),
  );
  return { ...event, incident: { ...event.incident, ...now } };
}
