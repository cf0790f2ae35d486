import type { IncidentTable } from '../aws/incident-table.ts';
import type { Config } from '../config/config.ts';
import type { EvidenceItem } from '../history/history.ts';
import { describe } from './describe.ts';
import { IncidentRefusal } from './errors.ts';
import type { AlarmSignal, Incident, IncidentEvent, Subject, Timer } from './incident.ts';
import { type Change, type Stored, type TransitionReason, transition } from './transition.ts';

/** What changing incidents needs of the world. */
export interface IncidentPorts {
  table: IncidentTable;
  config: Config;
  /** Epoch milliseconds. */
  now(): number;
  publish(event: IncidentEvent): Promise<void>;
  /** Sees to it that the timer arrives when it is due, or earlier. */
  schedule(timer: Timer): Promise<void>;
  /** The latest observation of a monitor that was down, or degraded. */
  evidenceOf(monitor: string, outcome: 'down' | 'degraded'): Promise<EvidenceItem | undefined>;
  links(incident: string): IncidentEvent['links'];
  /** A pause before trying again, longer with each attempt and different for everybody. */
  backoff(attempt: number): Promise<unknown>;
}

/** What a person does to an incident. */
export type Action = Extract<Change, { type: 'acknowledge' | 'resolve' | 'comment' }>;

export type IncomingEvent =
  | { type: 'alarm'; signal: AlarmSignal }
  | { type: 'timer'; timer: Timer }
  | { type: 'action'; incident: string; action: Action };

export interface Applied {
  reason: TransitionReason | 'not-due' | 'not-found';
  /** As it is now; absent where the event concerns none. */
  incident?: Incident;
}

/** Decisions on one event while others change the same incident. */
const attempts = 12;

/**
 * Applies an event: reads what is stored, decides, stores the decision with its effects in one transaction, then does the
 * effects that are pending. Applying an event again changes nothing but does what was left undone. Throws where it cannot be
 * stored or an effect fails: whoever delivers the event delivers it again.
 */
export async function applyEvent(ports: IncidentPorts, event: IncomingEvent): Promise<Applied> {
  if (event.type === 'timer' && event.timer.dueAt > ports.now()) {
    await ports.schedule(event.timer);
    return { reason: 'not-due' };
  }
  const applied = await decideAndStore(ports, event);
  if (applied.incident) await flush(ports, applied.incident.id);
  if (event.type === 'timer') await ports.table.markTimerDone(event.timer);
  return applied;
}

/** A person's action. Throws `IncidentRefusal` where there is no such incident, or it is resolved already. */
export async function applyToIncident(
  ports: IncidentPorts,
  incident: string,
  action: Action,
): Promise<Incident> {
  const applied = await applyEvent(ports, { type: 'action', incident, action });
  if (!applied.incident) throw new IncidentRefusal('not-found', incident);
  if (applied.reason === 'already-resolved') throw new IncidentRefusal('already-resolved', incident);
  return applied.incident;
}

async function decideAndStore(ports: IncidentPorts, event: IncomingEvent): Promise<Applied> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const gathered = await gather(ports, event);
    if (!gathered) return { reason: 'not-found' };
    const { stored, change } = gathered;
    const now = ports.now();
    const decided = transition(stored, change, { now, system: ports.config.name, links: ports.links });
    if (await ports.table.store(stored, decided, now)) {
      const incident = decided.incident ?? stored.incident;
      return { reason: decided.reason, ...(incident && { incident }) };
    }
    await ports.backoff(attempt);
  }
  throw new Error(`the incident was changed by others ${attempts} times meanwhile; deliver the event again`);
}

interface Gathered {
  stored: Stored;
  change: Change;
}

async function gather(ports: IncidentPorts, event: IncomingEvent): Promise<Gathered | undefined> {
  if (event.type === 'alarm') return gatherAlarm(ports, event.signal);
  const id = event.type === 'timer' ? event.timer.incident : event.incident;
  const incident = await ports.table.readIncident(id);
  if (!incident) return undefined;
  if (event.type === 'action') return { stored: { incident }, change: event.action };
  const evidence = incident.evidence ?? (await readEvidence(ports, incident.subject));
  return { stored: { incident }, change: { ...event, ...(evidence && { evidence }) } };
}

async function gatherAlarm(ports: IncidentPorts, signal: AlarmSignal): Promise<Gathered> {
  const about = describe(signal, ports.config);
  const stored = await readStored(ports, signal, about.groupKey);
  const opens = signal.state === 'ALARM' && (!stored.incident || stored.incident.status === 'resolved');
  const evidence = opens && !signal.test ? await readEvidence(ports, signal.subject) : undefined;
  return { stored, change: { type: 'alarm', signal, about, ...(evidence && { evidence }) } };
}

/** The alarm's own incident, even resolved, unless it now fires anew: then the open one of its group. */
async function readStored(ports: IncidentPorts, signal: AlarmSignal, groupKey: string): Promise<Stored> {
  const { table } = ports;
  const alarm = await table.readAlarm(signal.key);
  const own = alarm?.incident ? await table.readIncident(alarm.incident) : undefined;
  const stays = own && (own.status !== 'resolved' || signal.state !== 'ALARM' || signal.at <= alarm!.at);
  // Nothing of this alarm will touch an incident that is over again: what it left untold comes before the next.
  if (own && !stays) await flush(ports, own.id);
  const incident = stays ? own : await table.readOpen(groupKey);
  return { ...(incident && { incident }), ...(alarm && { alarm }) };
}

async function readEvidence(ports: IncidentPorts, subject: Subject): Promise<EvidenceItem | undefined> {
  return subject.type === 'monitor' ? ports.evidenceOf(subject.id, subject.aspect ?? 'down') : undefined;
}

/**
 * Does an incident's pending effects in sequence and marks each done. Stops at the first that fails, so that nothing is told
 * before what came earlier. Two at a time may do the same effect twice: receivers know an event by its id and revision.
 */
export async function flush(
  { table, publish, schedule }: Pick<IncidentPorts, 'table' | 'publish' | 'schedule'>,
  incident: string,
): Promise<void> {
  for (const { effect, scheduled } of await table.readPending(incident)) {
    if (effect.kind === 'publish') {
      await publish(effect.event);
      await table.markDone(incident, effect.sequence);
    } else if (!scheduled) {
      await schedule(effect.timer);
      await table.markScheduled(incident, effect.sequence);
    }
  }
}
