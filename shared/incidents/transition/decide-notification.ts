import type { NotificationReason } from '../incident.ts';

/** What fires, and what people know of it. */
export interface Standing {
  /** Whether they know that it fires. */
  announced: boolean;
  /** Alerts that fire. */
  firing: number;
  /** Of these, how many nobody was told of. */
  fresh: number;
  /** Alerts that people know of, and which are over since. */
  gone: number;
  /** Whether any receiver wants to know what is over. */
  sendResolved: boolean;
  /** Whether the last notice is so old that it is to be repeated. */
  repeatElapsed: boolean;
}

/** Whether a group is to be told again, and why: the decision table of Alertmanager. */
export function decideNotification(standing: Standing): NotificationReason | undefined {
  const { announced, firing, fresh, gone, sendResolved, repeatElapsed } = standing;
  if (firing === 0) return announced ? 'resolved' : undefined;
  if (!announced) return 'first';
  if (fresh > 0) return 'new-alerts';
  if (gone > 0 && sendResolved) return 'alerts-resolved';
  return repeatElapsed ? 'repeat' : undefined;
}
