import type { Config } from '../../shared/config/config.ts';
import { describe } from '../../shared/incidents/describe.ts';
import type {
  AlarmRecord,
  AlarmSignal,
  Incident,
  IncidentEvent,
  TimelineEntry,
  Timer,
} from '../../shared/incidents/incident.ts';
import type { Change, Scene, Transition } from '../../shared/incidents/transition/change.ts';
import { storedFor } from '../../shared/incidents/transition/fold.ts';
import { transition } from '../../shared/incidents/transition.ts';
import { planOf } from '../../shared/routing/plan.ts';
import { config as plainConfig, sceneAt, start } from './signals.ts';

export type Story = ReturnType<typeof newStory>;

/**
 * What is stored, told and waited for while one thing happens after the other: the transitions, nothing else.
 * @param more what the scene of all of them is besides
 */
export function newStory(config: Config = plainConfig, more: Partial<Scene> = {}) {
  const incidents = new Map<string, Incident>();
  const alarms = new Map<string, AlarmRecord>();
  const groups = new Map<string, string>();
  const events: IncidentEvent[] = [];
  const timeline: TimelineEntry[] = [];
  const timers: Timer[] = [];
  let waiting: Timer[] = [];
  let now = start;

  function keep(decided: Transition): Transition {
    const { incident } = decided;
    if (incident) {
      incidents.set(incident.id, incident);
      if (incident.status !== 'resolved') groups.set(incident.groupKey, incident.id);
    }
    for (const { after } of decided.alarms) alarms.set(after.key, after);
    timeline.push(...decided.timeline);
    for (const effect of decided.effects)
      if (effect.kind === 'publish') events.push(effect.event);
      else {
        timers.push(effect.timer);
        waiting.push(effect.timer);
      }
    return decided;
  }

  const scene = () =>
    sceneAt(now, {
      reopenWithin: config.reopenWithin,
      links: (id) => ({ incident: `https://tocsin/${id}` }),
      planFor: (subject, labels) => planOf(config, subject, labels),
      ...more,
    });

  const story = {
    incidents,
    alarms,
    events,
    timeline,
    timers,
    now: () => now,
    /** Timers on their way, stale ones as well. */
    waiting: () => waiting,
    told: () => events.map(({ type, receivers, incident }) => `${type} ${incident.revision} to ${receivers}`),
    /** What people were notified of, and why: `first to ops,oncall`. */
    notices: () =>
      events
        .filter(({ receivers }) => receivers.length > 0)
        .map(({ reason, type, receivers }) => `${reason ?? type} to ${receivers}`),
    latest: () => [...incidents.values()].at(-1)!,
    at(seconds: number) {
      now = start + seconds * 1_000;
      return story;
    },
    /** Time goes on: timers arrive when they are due, stale ones as well. */
    until(seconds: number) {
      const end = start + seconds * 1_000;
      for (;;) {
        const next = waiting.toSorted((a, b) => a.dueAt - b.dueAt).find(({ dueAt }) => dueAt <= end);
        if (!next) break;
        waiting = waiting.filter((timer) => timer !== next);
        now = Math.max(now, next.dueAt);
        story.change({ type: 'timer', timer: next }, next.incident);
      }
      return story.at(seconds);
    },
    alarm(signal: AlarmSignal): Transition {
      const about = describe(signal, config);
      const group = groups.get(about.groupKey);
      const stored = storedFor(signal, { alarms, incidents, ...(group !== undefined && { group }) });
      return keep(transition(stored, { type: 'alarm', signal, about }, scene()));
    },
    change(change: Exclude<Change, { type: 'alarm' }>, id?: string): Transition {
      const incident = id === undefined ? [...incidents.values()].at(-1)! : incidents.get(id)!;
      const group = groups.get(incident.groupKey);
      return keep(transition({ incident, ...(group !== undefined && { group }) }, change, scene()));
    },
  };
  return story;
}
