import type { Deployment } from '../../deployments/deployment.ts';
import type { EvidenceItem } from '../../history/history.ts';
import type { Plan, Target } from '../../routing/route.ts';
import type { Severity } from '../../severity.ts';
import type { Suppression } from '../../suppression/suppression.ts';
import type { About } from '../describe.ts';
import type {
  AlarmRecord,
  AlarmSignal,
  Alert,
  Effect,
  Incident,
  IncidentEvent,
  Subject,
  TimelineEntry,
  Timer,
} from '../incident.ts';

/** What may change an incident. */
export type Change =
  | { type: 'alarm'; signal: AlarmSignal; about: About; evidence?: EvidenceItem; changes?: Deployment[] }
  | { type: 'timer'; timer: Timer; evidence?: EvidenceItem }
  /** What may hold it back has changed: a silence was ended, say. */
  | { type: 'recheck' }
  | Undelivered
  | Reported
  | Action;

/** A channel could not be told of a revision, for good. */
export interface Undelivered {
  type: 'undelivered';
  channel: string;
  revision: number;
  reason: string;
}

/** Something was run because of it, or was not. */
export interface Reported {
  type: 'reported';
  channel: string;
  revision: number;
  text: string;
}

/** What a person does to an incident. */
export type Action =
  | { type: 'acknowledge'; actor: string }
  | { type: 'unacknowledge'; actor: string }
  | { type: 'resolve'; actor: string; text?: string }
  | { type: 'reopen'; actor: string; text?: string }
  /** Without `assignee`: to nobody. */
  | { type: 'assign'; actor: string; assignee?: string }
  | { type: 'comment'; actor: string; text: string }
  | { type: 'severity'; actor: string; severity: Severity; text?: string };

/** What is stored when a change arrives. */
export interface Stored {
  /** The alarm's incident, or the latest of its group. */
  incident?: Incident;
  /** The alarm's last seen. */
  alarm?: AlarmRecord;
  /** Id of the latest incident of the group, where it has one. */
  group?: string;
}

/** Where and when a change happens: all that was gathered, and what follows from it. */
export interface Scene {
  /** Epoch milliseconds. */
  now: number;
  /** The config's name. */
  system: string;
  /** Milliseconds after its end within which an incident whose alarm fires is the same one. */
  reopenWithin: number;
  links(incident: string): IncidentEvent['links'];
  /** Why nobody is to be told of it now. */
  suppressionOf(incident: Incident): Suppression | undefined;
  /** Channels that a target of an escalation means now; none where nobody is on call. */
  channelsOf(target: Target): string[];
  /** Whether a person of the config goes by this name, or id. */
  isPerson(id: string, name: string): boolean;
  /** The channel that is told in place of one that cannot be. */
  fallbackOf(channel: string): string | undefined;
  /** Whether a channel is told of events of this type, which are not about its beginning or end. */
  follows(channel: string, type: IncidentEvent['type']): boolean;
  /** How an incident with these labels would be told. */
  planFor(subject: Subject, labels: Readonly<Record<string, string>>): Plan;
}

export type TransitionReason =
  | 'opened'
  | 'reopened'
  | 'alert-added'
  | 'alert-recovered'
  | 'announced'
  | 'woken'
  | 'rechecked'
  | 'undelivered'
  | 'reported'
  | 'acknowledged'
  | 'unacknowledged'
  | 'assigned'
  | 'commented'
  | 'severity-changed'
  | 'resolved'
  | 'already-firing'
  | 'not-firing'
  | 'not-newer'
  | 'insufficient-data'
  | 'not-suppressed'
  | 'already-known'
  | 'already-acknowledged'
  | 'not-acknowledged'
  | 'already-resolved'
  | 'already-open'
  | 'newer-incident'
  | 'unchanged'
  | 'stale-timer';

/** What is to be stored, in one go. Nothing at all where there is neither an incident nor an alarm. */
export interface Transition {
  reason: TransitionReason;
  incident?: Incident;
  /** The last seen of alarms, and what it must still be for this to be stored. */
  alarms: AlarmSeen[];
  alerts: Alert[];
  timeline: TimelineEntry[];
  effects: Effect[];
}

export interface AlarmSeen {
  before?: AlarmRecord;
  after: AlarmRecord;
}

/** A transition that changes nothing. */
export const nothing = (reason: TransitionReason): Transition => ({
  reason,
  alarms: [],
  alerts: [],
  timeline: [],
  effects: [],
});
