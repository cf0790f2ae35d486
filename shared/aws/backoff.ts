import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds: the first pause is shorter than this, each further one at most twice as long, none longer than the second. */
const firstPauseMs = 20;
const longestPauseMs = 500;

/** A pause that spreads those who collide: the `attempt`-th (from 1) failed. Real time, also in the local runtime. */
export function backoff(attempt: number, random: () => number = Math.random): Promise<void> {
  return wait(random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)));
}
