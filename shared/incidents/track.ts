import type { Deployment } from '../deployments/deployment.ts';
import { parseDeployment } from '../deployments/parse-deployment.ts';
import { type Applied, applyAlarms, applyEvent, type IncidentPorts, type IncomingEvent } from './apply.ts';
import { describe } from './describe.ts';
import { parseOwnMessage } from './own-message.ts';
import { parseAlarm } from './parse-alarm.ts';

/** A message of the `alarms` or the `timers` queue. */
export interface Message {
  id: string;
  queue: 'alarms' | 'timers';
  body: string;
  /** Epoch milliseconds. */
  sentAt: number;
}

export interface Tracked {
  message: string;
  result: Applied | { reason: 'deployment' | 'ignored'; incident?: undefined } | { error: unknown };
}

interface Arrival {
  message: string;
  event: Extract<IncomingEvent, { type: 'alarm' | 'timer' | 'undelivered' | 'reported' }> | DeploymentEvent;
  /** Changes of one thing are applied in the order they happened: of a group of alarms, of an incident. */
  about: string;
  at: number;
}

/** EventBridge told of a deployment, or of something else. */
interface DeploymentEvent {
  type: 'deployment';
  deployment: Deployment | 'other';
}

/** Groups and incidents that are changed at the same time: they wait for DynamoDB, not for each other. */
const atOnce = 5;

/**
 * Applies a batch of messages, those of one group in the order its alarms changed, whatever order they came in, and several as one.
 * What fails takes what is later of the same group with it: applied first, it would make that old and never told.
 */
export async function trackMessages(ports: IncidentPorts, messages: readonly Message[]): Promise<Tracked[]> {
  const tracked: Tracked[] = [];
  const arrivals: Arrival[] = [];
  for (const message of messages) {
    try {
      arrivals.push(read(message, ports));
    } catch (error) {
      tracked.push({ message: message.id, result: { error } });
    }
  }
  const waiting = Map.groupBy(
    arrivals.sort((a, b) => a.at - b.at),
    ({ about }) => about,
  ).values();
  const work = async () => {
    for (const group of waiting) tracked.push(...(await trackInOrder(ports, group)));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return tracked;
}

async function trackInOrder(ports: IncidentPorts, arrivals: readonly Arrival[]): Promise<Tracked[]> {
  const tracked: Tracked[] = [];
  try {
    const signals = arrivals.flatMap(({ event }) => (event.type === 'alarm' ? [event.signal] : []));
    const applied = signals.length > 0 ? await applyAlarms(ports, signals) : [];
    for (const [n, { message, event }] of arrivals.entries())
      tracked.push({ message, result: applied[n] ?? (await take(ports, event)) });
  } catch (error) {
    const left = arrivals.slice(tracked.length);
    tracked.push(...left.map(({ message }) => ({ message, result: { error } })));
  }
  return tracked;
}

async function take(
  ports: IncidentPorts,
  event: Arrival['event'],
): Promise<Exclude<Tracked['result'], { error: unknown }>> {
  if (event.type !== 'deployment') return applyEvent(ports, event);
  if (event.deployment === 'other') return { reason: 'ignored' };
  await ports.putDeployment?.(event.deployment);
  return { reason: 'deployment' };
}

function read({ id, queue, body, sentAt }: Message, { config }: IncidentPorts): Arrival {
  if (queue === 'alarms') {
    const deployment = parseDeployment(body, config.name);
    if (deployment)
      return { message: id, event: { type: 'deployment', deployment }, about: `message ${id}`, at: sentAt };
    const signal = parseAlarm(body, config.name, sentAt);
    const about = `group ${describe(signal, config).groupKey}`;
    return { message: id, event: { type: 'alarm', signal }, about, at: signal.at };
  }
  const event = parseOwnMessage(body);
  const [incident, at] =
    event.type === 'timer' ? [event.timer.incident, event.timer.dueAt] : [event.incident, sentAt];
  return { message: id, event, about: `incident ${incident}`, at };
}
