import type { Component, Outcome } from '../observation.ts';
import { readShape } from './shapes.ts';
import { healthWords, worstOf } from './words.ts';

/** What a health endpoint says. */
export interface HealthReport {
  /** Never `unknown`: where the body says nothing, the status code decides. */
  outcome: Exclude<Outcome, 'unknown'>;
  /** Those that are not well first; each name once. */
  components: Component[];
  /** The format it was read as; `none` where it is none that is known. */
  shape: string;
  /** What could not be understood. */
  note?: string;
}

/** Components that are named in a sentence. */
const maxNamed = 3;

/**
 * How a system is by its own account. The worst of what it says of itself and of its components decides; the status code only
 * where the body says nothing, or says that all is well. Never throws, whatever the body.
 * @param body parsed JSON, or the text where it is none
 * @param optional names of components without which the system is degraded, not down
 */
export function readHealth(body: unknown, status: number, optional: readonly string[] = []): HealthReport {
  const byCode = status >= 200 && status < 400 ? 'up' : 'down';
  const reading = readShape(body);
  if (!reading)
    return {
      outcome: byCode,
      components: [],
      shape: 'none',
      note: 'no known health format: the status code decides',
    };
  const { shape, says } = reading;
  const components = sorted(merged(reading.components));
  const said = worstOf(says.map((outcome) => outcome ?? 'unknown'));
  const counted = components.map(({ name, outcome }) =>
    outcome === 'down' && optional.includes(name) ? 'degraded' : outcome,
  );
  const worst = worstOf([said, ...counted]);
  const outcome = worst === 'unknown' || worst === 'up' ? byCode : worst;
  const note = noteOn(worst, said === 'unknown' && says.includes('unknown'), byCode);
  return { outcome, components, shape, ...(note && { note }) };
}

function noteOn(worst: Outcome, isUnclear: boolean, byCode: Outcome): string | undefined {
  if (worst === 'up' && byCode === 'down') return 'it says that it is healthy: the status code decides';
  if (worst === 'unknown') return 'its words for health are not known: the status code decides';
  return isUnclear ? 'its word for the whole is not known: its components decide' : undefined;
}

/** Components of one name are one: the worst. */
function merged(components: readonly Component[]): Component[] {
  const byName = Map.groupBy(components, ({ name }) => name);
  return [...byName.values()].map((same) => {
    const worst = worstOf(same.map(({ outcome }) => outcome));
    return same.find(({ outcome }) => outcome === worst)!;
  });
}

const urgency: Record<Outcome, number> = { down: 0, degraded: 1, unknown: 2, up: 2 };

const sorted = (components: readonly Component[]) =>
  components.toSorted((a, b) => urgency[a.outcome] - urgency[b.outcome]);

/** `reports degraded: cache degraded, queue unhealthy`; a system that says only that it is well answered a code that it is not. */
export function sentenceOf({ outcome, components }: HealthReport, status: number): string {
  const unwell = components.filter((component) => isUnwell(component));
  const named = unwell.slice(0, maxNamed).map(({ name, outcome: seen }) => `${name} ${healthWords[seen]}`);
  const more = unwell.length > maxNamed ? ` and ${unwell.length - maxNamed} more` : '';
  return `health is ${healthWords[outcome]} (status ${status})${named.length > 0 ? `: ${named.join(', ')}${more}` : ''}`;
}

/** Whether a component is a reason to worry. */
export const isUnwell = ({ outcome }: Component) => outcome === 'down' || outcome === 'degraded';
