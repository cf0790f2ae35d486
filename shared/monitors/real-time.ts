import { clearTimeout, setTimeout } from 'node:timers';

/**
 * Calls back after so many milliseconds of real time: in the local runtime the global timers follow a clock of its own. Keeps no
 * process alive. `AbortSignal.timeout` cannot be called off, and makes an error with a stack when its time comes, needed or not: as
 * much work as a third of a check.
 * @returns calls it off
 */
export function afterRealTime(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms).unref();
  return () => clearTimeout(timer);
}
