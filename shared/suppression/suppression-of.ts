import type { Incident } from '../incidents/incident.ts';
import { windowAt } from '../maintenance/window.ts';
import { fitWithin } from '../silences/matchers.ts';
import { silenceState } from '../silences/silence.ts';
import { dependencyOf } from './dependency.ts';
import { inhibitionOf } from './inhibition.ts';
import type { Suppression } from './suppression.ts';
import { alertLabels, type Surroundings, type Told } from './surroundings.ts';

/** What is judged: enough of an incident to know whom it concerns and since when. */
export type Judged = Pick<Incident, 'id' | 'test' | 'subject' | 'labels' | 'severity' | 'openedAt'>;

/**
 * Why an incident is not told now; undefined where it is. Of several reasons a maintenance window comes first, then a silence, then what
 * it depends on, then what inhibits it. A group is held back only while every alert in it is; a test never is.
 */
export function suppressionOf(
  incident: Judged,
  surroundings: Surroundings,
  now: number,
): Suppression | undefined {
  if (incident.test) return undefined;
  const itself = { ...incident, labels: { ...incident.labels, severity: incident.severity } };
  const { firing } = surroundings;
  // A group may go on without the alert that it is called after.
  const told = firing.some(({ subject }) => subject.id !== incident.subject.id) ? firing : [itself];
  const reasons = told.map((each) => reasonFor(each, incident, surroundings, now));
  const held = reasons.flatMap((reason) => reason ?? []);
  return held.length < reasons.length ? undefined : held.toSorted((a, b) => endOf(a) - endOf(b))[0];
}

/** One without an end is looked at again soon. */
const endOf = ({ until }: Suppression) => until ?? 0;

function reasonFor(
  told: Told,
  incident: Judged,
  surroundings: Surroundings,
  now: number,
): Suppression | undefined {
  return (
    maintenanceOf(told, surroundings, now) ??
    silenceOf(told, surroundings, now) ??
    dependencyOf(told, incident.openedAt, surroundings, now) ??
    inhibitionOf(told, incident.id, surroundings)
  );
}

function maintenanceOf({ subject }: Told, { windows }: Surroundings, now: number): Suppression | undefined {
  if (subject.type !== 'monitor') return undefined;
  const window = windowAt(windows, subject.id, now);
  if (!window) return undefined;
  const { id, to, comment } = window;
  return {
    by: 'maintenance',
    id,
    text: withComment(`maintenance ${id} until ${clock(to)}`, comment),
    until: to,
  };
}

/** Of several that overlap the one that ends last: the others change nothing. */
function silenceOf(told: Told, { silences }: Surroundings, now: number): Suppression | undefined {
  const labels = alertLabels(told);
  const [silence] = silences
    .filter((each) => silenceState(each, now) === 'active' && fitWithin(each.matchers, labels))
    .toSorted((a, b) => b.endsAt - a.endsAt);
  if (!silence) return undefined;
  const { id, by, endsAt, comment } = silence;
  return {
    by: 'silence',
    id,
    text: withComment(`silenced by ${by} until ${clock(endsAt)}`, comment),
    until: endsAt,
  };
}

const withComment = (text: string, comment: string | undefined) => (comment ? `${text}: ${comment}` : text);

/** `2026-11-20 14:00 UTC` */
const clock = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
