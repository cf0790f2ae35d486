import { unitMs } from '../duration.ts';

/** The start of the slot that a moment lies in. All in milliseconds. */
export const slotOf = (time: number, every: number) => Math.floor(time / every) * every;

/**
 * The slots one scheduled invocation is for: those of its minute, from `every` apart, or its own where `every` is a minute or
 * more. A late invocation leaves out slots whose successor has already begun.
 * @param scheduled epoch milliseconds the invocation was meant for
 */
export function slotsOfInvocation(scheduled: number, every: number, now: number): number[] {
  if (every >= unitMs.m) return [slotOf(scheduled, every)];
  const minute = slotOf(scheduled, unitMs.m);
  const slots = Array.from({ length: unitMs.m / every }, (_, k) => minute + k * every);
  return slots.filter((slot) => now - slot < every);
}

/** Milliseconds between a failure and the second look. */
export const pauseMs = 1_000;

/** Milliseconds one invocation may check for: until its last slot, whose checks may all run out of time, twice. */
export function longestRun(every: number, timeouts: readonly number[]): number {
  const lastSlot = every < unitMs.m ? unitMs.m - every : 0;
  return lastSlot + 2 * Math.max(...timeouts) + pauseMs;
}
