import type { Deployment } from '../deployments/deployment.ts';
import type { EvidenceItem } from '../history/history.ts';
import type { Plan } from '../routing/route.ts';
import type { Severity } from '../severity.ts';
import type { Suppression } from '../suppression/suppression.ts';
import type { IncidentEvent } from './incident-event.ts';

export type { Digest, IncidentEvent, NotificationReason } from './incident-event.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What an incident is about: the part of the alarm's name after `<system>/`, or any other alarm by its ARN. */
export interface Subject {
  type: 'monitor' | 'rule' | 'slo' | 'self' | 'alarm';
  id: string;
  /** Of a monitor that is degraded, not down: an incident of its own. */
  aspect?: 'degraded';
}

/** An alarm's change of state as CloudWatch told it, whatever form the notification had. */
export interface AlarmSignal {
  /** The last three of those known are what reconcile found: a state that was not told, by mistake or in maintenance; an alarm that is no more. */
  form:
    | 'metric'
    | 'math'
    | 'composite'
    | 'anomaly'
    | 'contributor'
    | 'reconciled'
    | 'muted'
    | 'deleted'
    | 'unknown';
  /** The alarm's ARN, with the contributor's id where it has contributors; for unknown text a hash of it. */
  key: string;
  name: string;
  description?: string;
  account?: string;
  /** Region code, taken from the ARN. */
  region?: string;
  state: AlarmState;
  previousState?: AlarmState;
  /** Time of the change, epoch milliseconds. Older ones than the last seen change nothing. */
  at: number;
  reason: string;
  /** Somebody tests whether alerts arrive. */
  test?: true;
  subject: Subject;
  /** The text as it came, at most 4 kB: kept for unknown forms. */
  raw?: string;
}

export type IncidentStatus = 'triggered' | 'acknowledged' | 'resolved';

export interface Incident {
  /** `<yyyymmdd>-<8 base32>`, derived from the group and the first alarm's change: a redelivery makes no second incident. */
  id: string;
  /** What the alerts it gathers have in common. At most one open incident has it. */
  groupKey: string;
  subject: Subject;
  status: IncidentStatus;
  /** Somebody tests whether alerts arrive: nothing is broken. */
  test?: true;
  severity: Severity;
  /** Of its first alert; of several in a group, of the first that fires, with `and 2 more`. */
  title: string;
  description?: string;
  /** Why the alarm that opened it changed, in CloudWatch's words. */
  cause?: string;
  /** Those that all its alerts have in common. */
  labels: Record<string, string>;
  runbook?: string;
  /** Epoch milliseconds, as all times here. From CloudWatch's clock where an alarm caused them. */
  openedAt: number;
  acknowledgedAt?: number;
  acknowledgedBy?: string;
  /** When somebody acknowledged it for the first time, whatever became of that. */
  firstAcknowledgedAt?: number;
  resolvedAt?: number;
  /** Person, `recovered` when all alarms are OK, `alarm-deleted` when the last one is no more. */
  resolvedBy?: string;
  /** How often it was opened again after its end, and when last. */
  reopened?: number;
  reopenedAt?: number;
  /** Who sees to it: a person's id, or any name. */
  assignee?: string;
  /** Why nobody is told of it now, where somebody would be. */
  suppressed?: Suppression;
  /** It comes and goes: nobody is told anything until it rests. */
  flapping?: true;
  /** Alarms firing now, and alerts ever. The alerts are items of their own. */
  firing: number;
  alerts: number;
  /** Titles of what fires now, in the order it began; of many the first fifty. */
  members?: string[];
  /** Counts events that notify. A channel never goes back to an older one. */
  revision: number;
  /** What was deployed shortly before it opened. */
  changes?: Deployment[];
  evidence?: EvidenceItem;

  /** How it is told, as the config had it when it opened. Receivers may have joined since: other routes', fallbacks. */
  plan: Plan;
  /** Channels that were told that it fires and not yet its end, each with the latest revision it was told. */
  told: Record<string, number>;
  /** Channels of its firing periods before, each with the latest revision it was told then. */
  toldBefore?: Record<string, number>;
  /** True while people know that it fires, whichever channels that were: only then is an end told. */
  announced: boolean;
  /** When a notice that it fires last went out, and `sequence` then: alerts with a higher one are news. */
  toldAt?: number;
  toldSequence?: number;
  /** Since the last notice: alerts that fire and nobody was told of, and alerts people were told of that are over. */
  fresh: number;
  gone: number;
  /** Receivers that something was not told because it was outside of their hours. */
  withheld?: string[];
  /** The latest revision that each channel could not be told. */
  undelivered?: Record<string, number>;
  /** The latest revision upon which each channel reported what it did. */
  reported?: Record<string, number>;
  /** The step of the plan's escalation policy that is next, in which round, each from 0. */
  escalation?: { round: number; step: number };
  /** When it was opened again lately: often enough, and it is flapping. */
  reopenings?: number[];
  /** Of a group: its first alert's title, and the most alarms that fired at once. */
  headline?: { title: string; most: number };
  /** What its alerts say, where a person set another severity. */
  overruled?: Severity;
  /** What time will bring. */
  due: Due;
  /** When its timer arrives: at the earliest of `due`. */
  wakesAt?: number;
  /** Numbers timeline entries and effects. */
  sequence: number;
  /** Timers carrying another fence are stale. */
  fence: number;
  /** Optimistic lock: every transition adds one. */
  version: number;
}

/** Moments at which something happens by itself unless something else comes first, epoch milliseconds. */
export interface Due {
  /** An acknowledgement is void. */
  unacknowledge?: number;
  /** It has been at rest, after it came and went. */
  settle?: number;
  /** Whether it is still suppressed is looked at again. */
  recheck?: number;
  /** Its group has waited. */
  announce?: number;
  /** The hours of a receiver begin. */
  hours?: number;
  /** What changed in its group is told. */
  regroup?: number;
  repeat?: number;
  /** The next step of its escalation. */
  escalate?: number;
}

/** An alarm's firing period within an incident. */
export interface Alert {
  alarm: string;
  name: string;
  /** What it says of its incident: `website is down`. */
  title?: string;
  startedAt: number;
  endedAt?: number;
  reason: string;
  /** The incident's `sequence` when it began to fire. */
  sequence: number;
}

/**
 * The last seen of an alarm: item `ALARM#<key>` / `STATE`. INSUFFICIENT_DATA changes nothing, so it is never a state here.
 */
export interface AlarmRecord {
  key: string;
  state: 'OK' | 'ALARM';
  /** Time of that change, epoch milliseconds. */
  at: number;
  /** The incident of its latest alert, and that alert: open while the state is ALARM. */
  incident?: string;
  alert?: Alert;
}

export interface TimelineEntry {
  sequence: number;
  at: number;
  type:
    | 'opened'
    | 'alert-added'
    | 'alert-recovered'
    | 'announced'
    | 'notified'
    | 'suppressed'
    | 'undelivered'
    | 'flapping'
    | 'acknowledged'
    | 'unacknowledged'
    | 'assigned'
    | 'severity-changed'
    | 'commented'
    | 'resolved'
    | 'reopened'
    | 'note';
  /** Person, `cloudwatch` or `tocsin`. */
  actor: string;
  text: string;
}

/** Something to be done after a transition is stored. Stored with it as pending, done in sequence, then marked. */
export type Effect =
  | { sequence: number; kind: 'publish'; event: IncidentEvent }
  | { sequence: number; kind: 'timer'; timer: Timer };

/** Wakes an incident at the earliest of its `due`. An incident has one at most that is not stale. */
export interface Timer {
  /** `<incident>#<sequence>` */
  id: string;
  incident: string;
  dueAt: number;
  fence: number;
}
