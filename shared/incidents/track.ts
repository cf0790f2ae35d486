import { type Applied, applyEvent, type IncidentPorts, type IncomingEvent } from './apply.ts';
import { parseAlarm } from './parse-alarm.ts';
import { parseTimer } from './parse-timer.ts';

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
  result: Applied | { error: unknown };
}

interface Arrival {
  message: string;
  event: IncomingEvent;
  /** Changes of one thing are applied in the order they happened. */
  about: string;
  at: number;
}

/**
 * Applies a batch of messages in the order the alarms changed, whatever order they came in. One that fails takes later ones
 * of the same alarm with it: applied first, they would make it old and it would never be told.
 */
export async function trackMessages(ports: IncidentPorts, messages: readonly Message[]): Promise<Tracked[]> {
  const tracked: Tracked[] = [];
  const arrivals: Arrival[] = [];
  for (const message of messages) {
    try {
      arrivals.push(read(message, ports.config.name));
    } catch (error) {
      tracked.push({ message: message.id, result: { error } });
    }
  }
  const failed = new Map<string, unknown>();
  for (const { message, event, about } of arrivals.sort((a, b) => a.at - b.at)) {
    try {
      if (failed.has(about)) throw new Error('waits for an earlier change', { cause: failed.get(about) });
      tracked.push({ message, result: await applyEvent(ports, event) });
    } catch (error) {
      failed.set(about, error);
      tracked.push({ message, result: { error } });
    }
  }
  return tracked;
}

function read({ id, queue, body, sentAt }: Message, system: string): Arrival {
  if (queue === 'timers') {
    const timer = parseTimer(body);
    return { message: id, event: { type: 'timer', timer }, about: timer.incident, at: timer.dueAt };
  }
  const signal = parseAlarm(body, system, sentAt);
  return { message: id, event: { type: 'alarm', signal }, about: signal.key, at: signal.at };
}
