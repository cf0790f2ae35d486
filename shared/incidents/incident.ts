import type { EvidenceItem } from '../history/history.ts';
import type { Severity } from '../severity.ts';

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
  /** `reconciled` and `deleted` are what reconcile found: a state nobody told us, an alarm that is no more. */
  form: 'metric' | 'math' | 'composite' | 'anomaly' | 'contributor' | 'reconciled' | 'deleted' | 'unknown';
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
  /** Monitor or rule (or alarm) this incident gathers alerts of. At most one open incident has it. */
  groupKey: string;
  subject: Subject;
  status: IncidentStatus;
  /** Somebody tests whether alerts arrive: nothing is broken. */
  test?: true;
  severity: Severity;
  title: string;
  description?: string;
  /** Why the alarm that opened it changed, in CloudWatch's words. */
  cause?: string;
  labels: Record<string, string>;
  runbook?: string;
  /** Epoch milliseconds, as all times here. From CloudWatch's clock where an alarm caused them. */
  openedAt: number;
  acknowledgedAt?: number;
  acknowledgedBy?: string;
  resolvedAt?: number;
  /** Person, `recovered` when all alarms are OK, `alarm-deleted` when the last one is no more. */
  resolvedBy?: string;
  /**
   * Alarms now firing (once resolved: those that still fired when a person resolved it), and alerts ever.
   * The alerts are items of their own.
   */
  firing: number;
  alerts: number;
  /** Channel ids of the owning route, fixed at opening. */
  receivers: string[];
  /** True once the firing notice went out (or its groupWait passed): only then is a resolve told. */
  announced: boolean;
  /** Counts events that notify. A channel never goes back to an older one. */
  revision: number;
  /** Numbers timeline entries and effects. */
  sequence: number;
  /** Timers carrying another fence are stale. */
  fence: number;
  /** Optimistic lock: every transition adds one. */
  version: number;
  evidence?: EvidenceItem;
}

/** An alarm's firing period within an incident. */
export interface Alert {
  alarm: string;
  name: string;
  startedAt: number;
  endedAt?: number;
  reason: string;
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
    | 'acknowledged'
    | 'commented'
    | 'resolved'
    | 'note';
  /** Person, `cloudwatch` or `tocsin`. */
  actor: string;
  text: string;
}

/** Something to be done after a transition is stored. Stored with it as pending, done in sequence, then marked. */
export type Effect =
  | { sequence: number; kind: 'publish'; event: IncidentEvent }
  | { sequence: number; kind: 'timer'; timer: Timer };

export interface Timer {
  /** `<incident>#<sequence>` */
  id: string;
  incident: string;
  kind: 'group-wait';
  dueAt: number;
  fence: number;
}

/** Why a notification is sent: shown in every message and ledger row. */
export type NotificationReason =
  | 'first'
  /** More alerts of the group fire, or some of them are over. */
  | 'new-alerts'
  | 'alerts-resolved'
  /** Nobody acknowledged it for long. */
  | 'repeat'
  | 'escalated'
  /** An acknowledgement led to nothing for too long. */
  | 'unacknowledged'
  | 'severity-raised'
  /** It fires again soon after its end. */
  | 'reopened'
  /** A silence or window is over, a parent or inhibiting incident, or the hours of a channel begin, and it still fires. */
  | 'mute-ended'
  /** It comes and goes: the next that is told is the state it comes to rest in. */
  | 'flapping'
  /** Another channel could not be told. */
  | 'fallback'
  /** Many in one message: what a channel was spared, or asked to be told once a day. */
  | 'storm'
  | 'daily'
  | 'resolved'
  | 'test';

/**
 * What is published to SNS `incident-events`: the documented, versioned event (docs/events.md).
 * Complete in itself: a program needs nothing else to tell people.
 */
export interface IncidentEvent {
  version: 1;
  /** `<incident>#<sequence>`: the same event published twice has the same id. */
  id: string;
  sequence: number;
  type: 'firing' | 'acknowledged' | 'assigned' | 'severity-changed' | 'commented' | 'resolved' | 'digest';
  reason?: NotificationReason;
  at: number;
  /** The config's name. */
  system: string;
  incident: Omit<Incident, 'receivers' | 'announced' | 'fence' | 'version' | 'sequence'>;
  /** Channels to tell; empty for events that notify nobody. */
  receivers: string[];
  /**
   * The revision that each of the receivers was told, or was to be told, before this one; 0 or absent: none. So a channel knows whether
   * an older event may still be on its way.
   */
  before?: Record<string, number>;
  /** Receivers that are told once a day, and when next, epoch ms. */
  digests?: Record<string, number>;
  /** What a digest is about; its `incident` stands for all of them. */
  digest?: Digest;
  links: { incident?: string; dashboard?: string };
  /** Who acted, and what they wrote: on acknowledged, commented, and resolved by a person with a note. */
  actor?: string;
  text?: string;
}

/** Many incidents in one message. */
export interface Digest {
  /** Epoch milliseconds, of what it is about. */
  from: number;
  to: number;
  /** How many incidents began, how many ended, how many of all these are open now. */
  opened: number;
  resolved: number;
  open: number;
  /** The worst: open ones first, then by severity, then the oldest. At most 20. */
  worst: (Pick<Incident, 'id' | 'title' | 'severity' | 'status' | 'openedAt' | 'resolvedAt'> & {
    link?: string;
  })[];
}
