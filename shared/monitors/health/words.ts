import type { Outcome } from '../observation.ts';

/** Words that health endpoints use for their states, in lower case, without what joins their parts. */
const words: Record<Exclude<Outcome, 'unknown'>, string> = {
  up: `healthy ok okay up pass passed passing success green good normal operational available online running alive live ready
    connected active true`,
  degraded: 'degraded warn warning yellow partial impaired slow degradedperformance partialoutage',
  down: `unhealthy fail failed failing failure error down critical red bad fatal outofservice offline unavailable disconnected
    notready notok dead false majoroutage stopped timeout`,
};

const outcomes = new Map(
  Object.entries(words).flatMap(([outcome, known]) =>
    known.split(/\s+/).map((word) => [word, outcome as Outcome]),
  ),
);

/** What a state written as a word or as true or false means; `unknown` where it is no word that is known. */
export function outcomeOf(state: unknown): Outcome {
  if (typeof state !== 'string' && typeof state !== 'boolean') return 'unknown';
  const word = String(state)
    .slice(0, 40)
    .toLowerCase()
    .replace(/[\s_-]/g, '');
  return outcomes.get(word) ?? 'unknown';
}

/** The words conditions use: `component database == healthy`. */
export const healthWords = {
  up: 'healthy',
  degraded: 'degraded',
  down: 'unhealthy',
  unknown: 'unknown',
} as const satisfies Record<Outcome, string>;

const badness: Record<Outcome, number> = { unknown: 0, up: 1, degraded: 2, down: 3 };

/** The worst of them; what is unknown counts only where nothing else is there. */
export const worstOf = (seen: readonly Outcome[]): Outcome =>
  seen.reduce((worst, next) => (badness[next] > badness[worst] ? next : worst), 'unknown');
