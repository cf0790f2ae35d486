import type { Incident } from './incident.ts';
import type { ShownIncident } from './transition/shown.ts';

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
  /** Somebody gave it to the person whose channels these are. */
  | 'assigned'
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
  incident: ShownIncident;
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
  /** How many incidents began, how many ended, and how many that the channel was told of, in whatever message, are open now. */
  opened: number;
  resolved: number;
  open: number;
  /** The worst: open ones first, then by severity, then the oldest. At most 20. */
  worst: (Pick<Incident, 'id' | 'title' | 'severity' | 'status' | 'openedAt' | 'resolvedAt'> & {
    link?: string;
  })[];
}
