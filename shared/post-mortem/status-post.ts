import { formatDuration, unitMs } from '../duration.ts';
import type { Incident } from '../incidents/incident.ts';
import { formatTime } from '../notifications/time.ts';
import { escaped } from './markdown.ts';

/** Time until users hear more, at the latest. */
const nextUpdateMs = 30 * unitMs.m;

/**
 * A draft of what users are told, in Markdown: what they see, since when, and when they hear more. It names nothing but the monitor;
 * somebody reads it before anybody else does. Pure.
 * @param name how people call what it is about
 */
export function statusPost(incident: Incident, name: string, now: number): string {
  const { status, openedAt, resolvedAt, subject } = incident;
  const what = escaped(name);
  if (status === 'resolved') {
    const lasted = formatDuration((resolvedAt ?? now) - openedAt);
    return [
      `**Resolved: ${what}**`,
      `Between ${formatTime(openedAt)} and ${formatTime(resolvedAt ?? now)} (${lasted}), ${what} ${was(subject)}. It works again. We are sorry for the trouble.`,
    ].join('\n\n');
  }
  const care = status === 'acknowledged' ? 'Our team is working on it.' : 'We are looking into it.';
  return [
    `**Investigating: ${what}**`,
    `Since ${formatTime(openedAt)}, ${what} ${is(subject)}. ${care}`,
    `Next update by ${formatTime(Math.ceil((now + nextUpdateMs) / unitMs.m) * unitMs.m)}.`,
  ].join('\n\n');
}

const is = ({ aspect }: Incident['subject']) =>
  aspect === 'degraded' ? 'works slowly or in part' : 'does not work for some or all users';

const was = ({ aspect }: Incident['subject']) =>
  aspect === 'degraded' ? 'worked slowly or in part' : 'did not work for some or all users';
