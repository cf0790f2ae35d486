import type { Outcome } from '../monitors/observation.ts';
import type { NowEntry } from './history.ts';

type Recent = NowEntry['recent'];

const letters: Record<Outcome, string> = { up: 'u', degraded: 'g', down: 'd', unknown: '?' };
const outcomes = new Map(Object.entries(letters).map(([outcome, letter]) => [letter, outcome as Outcome]));

/**
 * The recent slots in a few bytes each: newest first, one part per slot, outcome's letter and milliseconds in base 36;
 * an empty part is a slot without an observation. `u2s,u2t,,d`
 */
export function encodeRecent(recent: Recent, newest: number, every: number): string {
  const parts: string[] = [];
  for (const [slot, outcome, responseTime] of recent)
    parts[Math.round((newest - slot) / every)] = letters[outcome] + (responseTime?.toString(36) ?? '');
  return Array.from(parts, (part) => part ?? '').join(',');
}

export function decodeRecent(text: string, newest: number, every: number): Recent {
  const slots = text.split(',').flatMap((part, age): Recent => {
    const outcome = outcomes.get(part[0] ?? '');
    if (!outcome) return [];
    return [[newest - age * every, outcome, part.length > 1 ? Number.parseInt(part.slice(1), 36) : null]];
  });
  return slots.reverse();
}
