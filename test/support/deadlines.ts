import { onTestFinished } from 'vitest';

/** Turns that everything else gets before a deadline. */
const turns = 50;

/** How many times as fast deadlines pass. */
let haste = 1;

const { setTimeout } = globalThis;

/**
 * Deadlines of tests pass in turns, between which whatever is ready goes on: where the machine is busy they pass later, and never
 * before a target on this machine could have answered.
 */
AbortSignal.timeout = (ms) => {
  const controller = new AbortController();
  const step = (left: number) => {
    if (left === 0) controller.abort(new DOMException('the deadline', 'TimeoutError'));
    else setTimeout(step, ms / haste / turns, left - 1).unref();
  };
  step(turns);
  return controller.signal;
};

/** Until the test is over a deadline passes so many times as fast: of what is left of a long one, a busy machine takes little. */
export function hurryDeadlines(times: number): void {
  haste = times;
  onTestFinished(() => {
    haste = 1;
  });
}
