import type { Config } from '../config/config.ts';
import { IncidentRefusal, isRefusal } from './errors.ts';
import { flush } from './flush.ts';
import { gatherAlarms, gatherScene, readEvidence } from './gather.ts';
import type { AlarmSignal, Incident, Timer } from './incident.ts';
import type { IncidentPorts } from './ports.ts';
import type {
  Action,
  Change,
  Reported,
  Scene,
  Stored,
  TransitionReason,
  Undelivered,
} from './transition/change.ts';
import { foldAlarms } from './transition/fold.ts';
import { transition } from './transition.ts';

export type { IncidentPorts } from './ports.ts';
export type { Action } from './transition/change.ts';

export type IncomingEvent =
  | { type: 'alarm'; signal: AlarmSignal }
  | { type: 'timer'; timer: Timer }
  | ((Undelivered | Reported) & { incident: string })
  | { type: 'recheck'; incident: string }
  | { type: 'action'; incident: string; action: Action };

export interface Applied {
  reason: TransitionReason | 'not-due' | 'not-found';
  /** As it is now; absent where the event concerns none. */
  incident?: Incident;
}

/** Decisions on one event while others change the same incident. */
const attempts = 12;

/** Changes of alarms in one transaction, of which DynamoDB takes 100 items: each writes seven at most. */
const foldedAtOnce = 10;

/**
 * Applies an event: reads what is stored, decides, stores the decision with its effects in one transaction, then does the
 * effects that are pending. Applying an event again changes nothing but does what was left undone. Throws where it cannot be
 * stored or an effect fails: whoever delivers the event delivers it again.
 */
export async function applyEvent(ports: IncidentPorts, event: IncomingEvent): Promise<Applied> {
  if (event.type === 'alarm') return (await applyAlarms(ports, [event.signal]))[0]!;
  if (event.type === 'timer') return applyTimer(ports, event.timer);
  const applied = await decideAndStore(ports, event);
  if (applied.incident) await flush(ports, applied.incident.id);
  return applied;
}

/** One that is early is sent on its way again, unless it is stale: then it need not come any more. */
async function applyTimer(ports: IncidentPorts, timer: Timer): Promise<Applied> {
  const incident = await ports.table.readIncident(timer.incident);
  const isLive = incident?.fence === timer.fence;
  if (isLive && timer.dueAt > ports.now()) {
    await ports.schedule(timer);
    return { reason: 'not-due' };
  }
  const stale: Applied = incident ? { reason: 'stale-timer', incident } : { reason: 'not-found' };
  const applied = isLive ? await decideAndStore(ports, { type: 'timer', timer }) : stale;
  if (applied.incident) await flush(ports, applied.incident.id);
  await ports.table.markTimerDone(timer);
  return applied;
}

/** A person's action. Throws `IncidentRefusal` where there is no such incident, or it cannot be done to it. */
export async function applyToIncident(
  ports: IncidentPorts,
  incident: string,
  action: Action,
): Promise<Incident> {
  if (action.type === 'assign') refuseStranger(ports.config, action.assignee, incident);
  const applied = await applyEvent(ports, { type: 'action', incident, action });
  if (!applied.incident) throw new IncidentRefusal('not-found', incident);
  if (isRefusal(applied.reason)) throw new IncidentRefusal(applied.reason, incident);
  return applied.incident;
}

/** Where the config knows people, it is one of them. */
function refuseStranger({ people }: Config, assignee: string | undefined, incident: string): void {
  if (assignee === undefined || people.length === 0 || people.some(({ id }) => id === assignee)) return;
  throw new IncidentRefusal('unknown-person', incident);
}

/** Changes of alarms of one group, oldest first, in as few transactions as can be. Throws as `applyEvent` does. */
export async function applyAlarms(ports: IncidentPorts, signals: readonly AlarmSignal[]): Promise<Applied[]> {
  const applied: Applied[] = [];
  while (applied.length < signals.length) {
    const some = signals.slice(applied.length, applied.length + foldedAtOnce);
    applied.push(...(await insist(ports, () => foldAndStore(ports, some))));
  }
  return applied;
}

/** Undefined where somebody else was faster. */
async function foldAndStore(
  ports: IncidentPorts,
  signals: readonly AlarmSignal[],
): Promise<Applied[] | undefined> {
  const { changes, known, scene, left } = await gatherAlarms(ports, signals);
  // Nothing of these alarms will touch an incident that is over again: what it left untold comes before the next.
  for (const incident of left) await flush(ports, incident);
  const { before, transition: folded, applied } = foldAlarms(changes, known, scene);
  if (!(await ports.table.store(before, folded, scene.now))) return undefined;
  if (folded.incident) ports.observe?.(before.incident, folded.incident);
  const concerned = new Set(applied.flatMap(({ incident }) => incident?.id ?? []));
  for (const incident of concerned) await flush(ports, incident);
  return applied;
}

type OtherEvent = Exclude<IncomingEvent, { type: 'alarm' }>;

async function decideAndStore(ports: IncidentPorts, event: OtherEvent): Promise<Applied> {
  return insist(ports, async () => {
    const gathered = await gather(ports, event);
    if (!gathered) return { reason: 'not-found' };
    const { stored, change, scene } = gathered;
    const decided = transition(stored, change, scene);
    if (!(await ports.table.store(stored, decided, scene.now))) return undefined;
    if (decided.incident) ports.observe?.(stored.incident, decided.incident);
    return { reason: decided.reason, incident: decided.incident ?? stored.incident };
  });
}

/** Decides again where others changed the same incident meanwhile. */
async function insist<Result>(
  { backoff }: IncidentPorts,
  decide: () => Promise<Result | undefined>,
): Promise<Result> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const result = await decide();
    if (result) return result;
    await backoff(attempt);
  }
  throw new Error(`the incident was changed by others ${attempts} times meanwhile; deliver the event again`);
}

interface Gathered {
  stored: Stored & { incident: Incident };
  change: Change;
  scene: Scene;
}

async function gather(ports: IncidentPorts, event: OtherEvent): Promise<Gathered | undefined> {
  const id = event.type === 'timer' ? event.timer.incident : event.incident;
  const incident = await ports.table.readIncident(id);
  if (!incident) return undefined;
  const change = await changeOf(ports, event, incident);
  const { group } = change.type === 'reopen' ? await ports.table.readLatest(incident.groupKey) : {};
  const scene = await gatherScene(ports, incident, tells(change) ? [] : undefined);
  return { stored: { incident, ...(group !== undefined && { group }) }, change, scene };
}

async function changeOf(ports: IncidentPorts, event: OtherEvent, incident: Incident): Promise<Change> {
  if (event.type === 'action') return event.action;
  if (event.type !== 'timer') return event;
  const evidence = incident.test ? undefined : await readEvidence(ports, incident.subject);
  return { ...event, ...(evidence && { evidence }) };
}

/** Changes upon which people may be told that it fires. */
const tells = ({ type }: Change): boolean =>
  type === 'timer' ||
  type === 'recheck' ||
  type === 'unacknowledge' ||
  type === 'reopen' ||
  type === 'severity';
