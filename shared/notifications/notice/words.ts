import { formatDuration } from '../../duration.ts';
import type { IncidentEvent, NotificationReason } from '../../incidents/incident.ts';
import type { Notice } from '../notice.ts';
import { cut, oneLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { kept } from './limits.ts';

type State = Notice['state'];

/** Behind the severity of what people hear of again. */
const again: Partial<Record<NotificationReason, string>> = {
  'new-alerts': 'MORE ALARMS',
  'alerts-resolved': 'FEWER ALARMS',
  repeat: 'STILL FIRING',
  escalated: 'ESCALATED',
  unacknowledged: 'NOBODY ON IT',
  'severity-raised': 'RAISED',
  assigned: 'ASSIGNED',
  reopened: 'AGAIN',
  'mute-ended': 'STILL FIRING',
  flapping: 'COMES AND GOES',
};

export function badgeOf(state: State, { reason, incident }: IncidentEvent): string {
  const severity = incident.severity.toUpperCase();
  switch (state) {
    case 'firing':
      return [severity, reason && again[reason]].filter(Boolean).join(', ');
    case 'commented':
      return 'COMMENT';
    case 'severity-changed':
      return `NOW ${severity}`;
    case 'digest':
      return reason === 'daily' ? 'DAILY DIGEST' : 'MANY AT ONCE';
    default:
      return state.toUpperCase();
  }
}

/** Why people hear of what still fires; undefined the first time. */
export function newsOf(state: State, event: IncidentEvent): string | undefined {
  const { reason, incident, actor } = event;
  if (state !== 'firing') return undefined;
  const { firing, severity, acknowledgedBy } = incident;
  const alarms = firing === 1 ? '1 alarm' : `${firing} alarms`;
  const lasted = formatDuration(event.at - (incident.reopenedAt ?? incident.openedAt));
  switch (reason) {
    case 'new-alerts':
      return `More of it fails: ${alarms} now.`;
    case 'alerts-resolved':
      return `Part of it recovered: ${alarms} still ${firing === 1 ? 'fires' : 'fire'}.`;
    case 'repeat':
      return `Still firing after ${lasted}${acknowledgedBy ? '' : ', and nobody acknowledged it'}.`;
    case 'escalated':
      return `Nobody acknowledged it in ${lasted}: now it is with you.`;
    case 'unacknowledged':
      return `${actor ? `${personOf(actor)} handed it back` : 'It was acknowledged for too long'}: nobody is on it, and it still fires after ${lasted}.`;
    case 'severity-raised':
      return `${actor ? `${personOf(actor)} raised it` : 'It was raised'} to ${severity}.`;
    case 'assigned':
      return `${personOf(actor)} gave it to ${incident.assignee ?? 'you'}${acknowledgedBy ? '' : ', and nobody acknowledged it'}.`;
    case 'reopened':
      return actor ? `${personOf(actor)} opened it again.` : 'It recovered, and fires again.';
    case 'mute-ended':
      return `It was held back until now, and still fires after ${lasted}.`;
    case 'flapping':
      return 'It comes and goes. You hear of it again when it rests.';
    case 'fallback':
      return `You are told because ${cut(oneLine(event.text ?? ''), kept.comment) || 'another channel could not be'}.`;
    default:
      return undefined;
  }
}

export function leadOf(state: State, event: IncidentEvent): string {
  const { incident } = event;
  const since = formatTime(incident.openedAt);
  const lasted = formatDuration((incident.resolvedAt ?? event.at) - incident.openedAt);
  const actor = personOf(event.actor);
  const text = cut(oneLine(event.text ?? ''), kept.comment);
  switch (state) {
    case 'test':
      return 'This is a test of this channel. Nothing is broken.';
    case 'firing':
      return incident.reopenedAt === undefined
        ? `Since ${since}.`
        : `Since ${formatTime(incident.reopenedAt)}, and on and off since ${since}.`;
    case 'acknowledged':
      return sentences(`${actor} is on it, ${lasted} after it began at ${since}.`, text);
    case 'assigned':
    case 'severity-changed': {
      const what = text || (state === 'assigned' ? 'assigned' : `now ${incident.severity}`);
      return `${capitalized(what)} (${actor}, ${lasted} after it began at ${since}).`;
    }
    case 'commented':
      return `${actor}: ${text}`;
    case 'digest':
      return digestLead(event);
    case 'resolved': {
      if (incident.test) return `The test is over after ${lasted}. Nothing was broken.`;
      const until = formatTime(incident.resolvedAt ?? event.at);
      const how = resolutionOf(incident.resolvedBy);
      const offAndOn = incident.reopenedAt === undefined ? '' : ', on and off';
      const still = incident.firing > 0 ? ', though it still fires' : '';
      return sentences(`${how} after ${lasted}${offAndOn}, from ${since} to ${until}${still}.`, text);
    }
  }
}

function digestLead({ digest, reason, text }: IncidentEvent): string {
  if (!digest) return cut(oneLine(text ?? ''), kept.comment);
  const when = `From ${formatTime(digest.from)} to ${formatTime(digest.to)}`;
  return reason === 'daily' ? `${when}.` : `${when} more happened than this channel is told one by one.`;
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const sentences = (...parts: string[]): string => parts.filter(Boolean).join(' ');

const personOf = (name: string | undefined): string => cut(oneLine(name ?? ''), kept.value) || 'Somebody';

function resolutionOf(resolvedBy: string | undefined): string {
  if (!resolvedBy || resolvedBy === 'recovered') return 'Recovered';
  if (resolvedBy === 'alarm-deleted') return 'Closed because its alarm was deleted';
  return `Resolved by ${personOf(resolvedBy)}`;
}

const sentBecause: Record<NotificationReason, string> = {
  first: 'first notice',
  'new-alerts': 'more alarms fire',
  'alerts-resolved': 'some alarms are over',
  repeat: 'reminder',
  escalated: 'escalated: nobody acknowledged it',
  unacknowledged: 'nobody is on it any more',
  'severity-raised': 'severity raised',
  assigned: 'assigned',
  reopened: 'it fires again',
  'mute-ended': 'no longer held back, and still firing',
  flapping: 'it comes and goes',
  fallback: 'another channel could not be told',
  storm: 'many at once, told in one',
  daily: 'daily digest',
  resolved: 'end of the incident',
  test: 'test asked for by hand',
};

export function footerOf({ system, type, incident, reason }: IncidentEvent): string {
  const which = type === 'digest' ? [] : [`incident ${incident.id}`];
  const parts = [system, ...which, ...(reason ? [sentBecause[reason]] : [])];
  return cut(oneLine(parts.join(' · ')), kept.footer);
}
