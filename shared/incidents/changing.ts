import type { Effect, Incident, IncidentEvent, TimelineEntry, Timer } from './incident.ts';
import type { Scene, Transition, TransitionReason } from './transition.ts';

/**
 * A transition in the making: `next` is changed in place, timeline entries and effects are numbered in the order they are
 * added, and each event carries the incident as it is at that moment.
 */
export function changing(incident: Incident, scene: Scene) {
  const next: Incident = { ...incident, version: incident.version + 1 };
  const timeline: TimelineEntry[] = [];
  const effects: Effect[] = [];

  function note(type: TimelineEntry['type'], at: number, actor: string, text: string): void {
    next.sequence += 1;
    timeline.push({ sequence: next.sequence, at, type, actor, text });
  }

  function publish(
    type: IncidentEvent['type'],
    details: Pick<IncidentEvent, 'at' | 'receivers' | 'reason' | 'actor' | 'text'>,
  ): void {
    next.sequence += 1;
    const event: IncidentEvent = {
      version: 1,
      id: `${next.id}#${next.sequence}`,
      sequence: next.sequence,
      type,
      system: scene.system,
      incident: shown(next),
      links: scene.links(next.id),
      ...details,
    };
    effects.push({ sequence: next.sequence, kind: 'publish', event });
  }

  /** Tells the receivers that it fires; from now on they will be told its end. Timers until now are stale. */
  function announce(at: number): void {
    next.announced = true;
    next.revision += 1;
    next.fence += 1;
    const whom = next.receivers.length > 0 ? next.receivers.join(', ') : 'no channel: no route matches';
    note('announced', at, 'tocsin', `announced to ${whom}`);
    publish('firing', { at, receivers: next.receivers, reason: next.test ? 'test' : 'first' });
  }

  /** Ends it. Whoever was told that it fires is told so; who was not, is not. */
  function resolve(at: number, by: string, text?: string): void {
    Object.assign(next, { status: 'resolved', resolvedAt: Math.max(at, next.openedAt), resolvedBy: by });
    next.fence += 1;
    note('resolved', at, personOf(by), [resolution(next, by), text].filter(Boolean).join(': '));
    if (!next.announced) return;
    next.revision += 1;
    const written = text && { actor: by, text };
    publish('resolved', {
      at,
      receivers: next.receivers,
      reason: next.test ? 'test' : 'resolved',
      ...written,
    });
  }

  function startTimer(kind: Timer['kind'], dueAt: number): void {
    next.sequence += 1;
    const timer: Timer = {
      id: `${next.id}#${next.sequence}`,
      incident: next.id,
      kind,
      dueAt,
      fence: next.fence,
    };
    effects.push({ sequence: next.sequence, kind: 'timer', timer });
  }

  function done(reason: TransitionReason, more: Partial<Transition> = {}): Transition {
    return { reason, incident: next, alerts: [], timeline, effects, ...more };
  }

  return { next, note, publish, announce, resolve, startTimer, done };
}

/** `resolvedBy` values that are not people. */
const automatic = { recovered: 'all alarms are OK', 'alarm-deleted': 'its last alarm was deleted' };

const isAutomatic = (by: string): by is keyof typeof automatic => Object.hasOwn(automatic, by);

const personOf = (by: string) => (isAutomatic(by) ? 'tocsin' : by);

function resolution({ firing }: Incident, by: string): string {
  if (isAutomatic(by)) return automatic[by];
  return firing > 0 ? `resolved by ${by} while ${firing} still firing` : `resolved by ${by}`;
}

/** The part of an incident that programs outside may see. */
function shown(incident: Incident): IncidentEvent['incident'] {
  const { receivers, announced, fence, version, sequence, ...rest } = incident;
  return structuredClone(rest);
}
