import type { AlarmRecord, AlarmSignal, Incident } from '../incident.ts';
import { transition } from '../transition.ts';
import type { Change, Scene, Stored, Transition, TransitionReason } from './change.ts';

export type AlarmChange = Extract<Change, { type: 'alarm' }>;

/** What is stored of a group and of the alarms that changed. */
export interface KnownGroup {
  alarms: ReadonlyMap<string, AlarmRecord>;
  /** The latest of the group, and those that the alarms were part of last. */
  incidents: ReadonlyMap<string, Incident>;
  /** Id of the latest incident of the group. */
  group?: string;
}

/** Several changes as one transition of what was stored before. */
export interface Folded {
  before: Pick<Stored, 'incident' | 'group'>;
  transition: Transition;
  /** What came of each change that is part of it, and the incident it concerns as that is in the end. */
  applied: { reason: TransitionReason; incident?: Incident }[];
}

/** Changes of alarms of one group, oldest first, as one transition: as many of them as concern the same incident. Pure. */
export function foldAlarms(changes: readonly AlarmChange[], known: KnownGroup, scene: Scene): Folded {
  const alarms = new Map(known.alarms);
  const incidents = new Map(known.incidents);
  let { group } = known;
  let before: Folded['before'] = {};
  let incident: Incident | undefined;
  const steps: Transition[] = [];
  const concerned: (string | undefined)[] = [];
  for (const change of changes) {
    const stored = storedFor(change.signal, { alarms, incidents, ...(group !== undefined && { group }) });
    const step = transition(stored, change, scene);
    if (step.incident && incident && step.incident.id !== incident.id) break;
    if (step.incident) {
      if (!incident) before = stored;
      incident = step.incident;
      incidents.set(incident.id, incident);
      if (step.reason === 'opened') group = incident.id;
    }
    for (const { after } of step.alarms) alarms.set(after.key, after);
    steps.push(step);
    concerned.push((step.incident ?? stored.incident)?.id);
  }
  const applied = steps.map(({ reason }, n) => {
    const concerns = incidents.get(concerned[n] ?? '');
    return { reason, ...(concerns && { incident: concerns }) };
  });
  return { before, transition: merged(steps, incident), applied };
}

/** The alarm's own incident, unless that is over and the alarm fires anew: then the latest one of its group. */
export function storedFor(signal: AlarmSignal, { alarms, incidents, group }: KnownGroup): Stored {
  const alarm = alarms.get(signal.key);
  const own = alarm?.incident === undefined ? undefined : incidents.get(alarm.incident);
  const latest = group === undefined ? undefined : incidents.get(group);
  const incident = own && !firesAfter(signal, own, alarm!) ? own : latest;
  return {
    ...(incident && { incident }),
    ...(alarm && { alarm }),
    ...(group !== undefined && { group }),
  };
}

/** Whether an alarm fires anew after its incident's end. */
export const firesAfter = (signal: AlarmSignal, { status }: Incident, { at }: AlarmRecord): boolean =>
  status === 'resolved' && signal.state === 'ALARM' && signal.at > at;

function merged(steps: readonly Transition[], incident: Incident | undefined): Transition {
  const alarms = new Map<string, Transition['alarms'][number]>();
  for (const { before, after } of steps.flatMap((step) => step.alarms)) {
    const first = alarms.has(after.key) ? alarms.get(after.key)!.before : before;
    alarms.set(after.key, { ...(first && { before: first }), after });
  }
  const alerts = steps.flatMap((step) => step.alerts);
  const effects = steps.flatMap((step) => step.effects);
  return {
    reason: steps.at(-1)?.reason ?? 'not-newer',
    ...(incident && { incident }),
    alarms: [...alarms.values()],
    alerts: [...new Map(alerts.map((alert) => [`${alert.startedAt} ${alert.alarm}`, alert])).values()],
    timeline: steps.flatMap((step) => step.timeline),
    effects: effects.filter((effect) => effect.kind !== 'timer' || effect.timer.fence === incident?.fence),
  };
}
