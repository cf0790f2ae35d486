import type { Incident } from '../incident.ts';

/** The part of an incident that programs outside may see. */
export type ShownIncident = Omit<Incident, (typeof inner)[number]>;

/** Fields of an incident by which it is told, and which mean nothing to others. */
const inner = [
  'plan',
  'told',
  'toldBefore',
  'announced',
  'toldAt',
  'toldSequence',
  'fresh',
  'gone',
  'withheld',
  'undelivered',
  'reported',
  'escalation',
  'reopenings',
  'headline',
  'overruled',
  'due',
  'wakesAt',
  'sequence',
  'fence',
  'version',
] as const satisfies (keyof Incident)[];

/** A copy of what programs outside may see. */
export function shown(incident: Incident): ShownIncident {
  const copy: Partial<Incident> = structuredClone(incident);
  for (const field of inner) delete copy[field];
  return copy as ShownIncident;
}
