import type { IncidentEvent } from '../incidents/incident.ts';
import { cut } from './text.ts';

/** Bytes of an event that SNS and EventBridge take: 256 KiB in all, JSON in JSON at SNS, and beside it the forms for people. */
export const maxEventBytes = 100 * 1_024;

/** Characters of each text where nothing else makes an event fit. */
const keptCharacters = 1_000;

/** The event as JSON, in at most 100 KiB: too large a one is without its evidence, and if need be with shorter texts. */
export function fittedEvent(event: IncidentEvent): string {
  const { evidence, ...incident } = event.incident;
  const whole = JSON.stringify(event);
  if (fits(whole)) return whole;
  const bare = JSON.stringify({ ...event, incident });
  return fits(bare) ? bare : JSON.stringify({ ...event, incident }, shortened);
}

const fits = (json: string) => Buffer.byteLength(json) <= maxEventBytes;

const shortened = (_: string, value: unknown) =>
  typeof value === 'string' ? cut(value, keptCharacters) : value;
