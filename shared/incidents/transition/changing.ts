import type { Effect, Incident, IncidentEvent, NotificationReason, TimelineEntry } from '../incident.ts';
import type { Scene, Transition, TransitionReason } from './change.ts';
import { shown } from './shown.ts';
import { setTimer } from './timer.ts';

/** Who caused a change, and what they wrote. */
type By = Pick<IncidentEvent, 'actor' | 'text'>;

export type Changing = ReturnType<typeof changing>;

interface Notice {
  reason: NotificationReason;
  digests: Record<string, number>;
}

/**
 * A transition in the making: `next` is changed in place, timeline entries and effects are numbered in the order they are added.
 * However much is to be told of its firing, it becomes one notice to all concerned, sent in the end.
 * @param at when it happened, epoch milliseconds: CloudWatch's time where an alarm caused it
 */
export function changing(incident: Incident, scene: Scene, at = scene.now, by: By = {}) {
  const next: Incident = { ...structuredClone(incident), version: incident.version + 1 };
  const timeline: TimelineEntry[] = [];
  const effects: Effect[] = [];
  const receivers = new Set<string>();
  let notice: Notice | undefined;

  function note(type: TimelineEntry['type'], actor: string, text: string): void {
    next.sequence += 1;
    timeline.push({ sequence: next.sequence, at, type, actor, text });
  }

  function publish(
    type: IncidentEvent['type'],
    details: Pick<IncidentEvent, 'receivers'> & Partial<IncidentEvent>,
  ): void {
    next.sequence += 1;
    const event: IncidentEvent = {
      version: 1,
      id: `${next.id}#${next.sequence}`,
      sequence: next.sequence,
      type,
      at,
      system: scene.system,
      incident: shown(next),
      links: scene.links(next.id),
      ...by,
      ...details,
    };
    effects.push({ sequence: next.sequence, kind: 'publish', event });
  }

  /** Notifies channels: the next revision is theirs. Says which one each was told before. */
  function notify(
    type: IncidentEvent['type'],
    channels: readonly string[],
    reason?: NotificationReason,
    digests: Record<string, number> = {},
  ): void {
    const before = channels.map((id) => [id, next.told[id] ?? next.toldBefore?.[id] ?? 0]);
    next.revision += 1;
    for (const id of channels) next.told[id] = next.revision;
    publish(type, {
      receivers: [...channels],
      before: Object.fromEntries(before),
      ...(reason && { reason }),
      ...(Object.keys(digests).length > 0 && { digests }),
    });
  }

  /** What somebody did: told to those channels that follow it, of those that know of the incident. */
  function follow(type: IncidentEvent['type']): void {
    const followers = Object.keys(next.told).filter((channel) => scene.follows(channel, type));
    if (followers.length > 0) notify(type, followers);
    else publish(type, { receivers: [] });
  }

  /** Tells channels that it fires. Of several reasons the first is given. */
  function tell(
    reason: NotificationReason,
    channels: readonly string[],
    digests: Record<string, number> = {},
  ): void {
    notice ??= { reason: next.test ? 'test' : reason, digests: {} };
    Object.assign(notice.digests, digests);
    for (const id of channels) receivers.add(id);
  }

  function sendNotice({ reason, digests }: Notice): void {
    const channels = [...receivers];
    const nobody = next.plan.receivers.length > 0 ? 'nobody at this hour' : 'no channel: no route matches';
    const whom = channels.join(', ') || nobody;
    if (next.revision === 0) note('announced', 'tocsin', `announced to ${whom}`);
    else note('notified', 'tocsin', `told ${whom}: ${reason.replaceAll('-', ' ')}`);
    notify('firing', channels, reason, digests);
  }

  function finish(reason: TransitionReason, more: Partial<Transition> = {}): Transition {
    if (notice) sendNotice(notice);
    setTimer(next, effects);
    return { reason, incident: next, alarms: [], alerts: [], timeline, effects, ...more };
  }

  return { next, scene, now: scene.now, note, publish, notify, follow, tell, finish };
}
