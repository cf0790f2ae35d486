import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import { onTestFinished } from 'vitest';

/** Turns that everything else gets before a deadline. */
const turns = 50;

/** How many times as fast deadlines pass. */
let haste = 1;

const { setTimeout, clearTimeout } = globalThis;

/**
 * Deadlines of tests pass in turns, between which whatever is ready goes on: where the machine is busy they pass later, and never
 * before a target on this machine could have answered.
 */
function inTurns(pass: () => void, ms: number) {
  let turn: NodeJS.Timeout;
  const step = (left: number) => {
    if (left === 0) pass();
    else turn = setTimeout(step, ms / haste / turns, left - 1).unref();
  };
  step(turns);
  const deadline = { unref: () => deadline, callOff: () => clearTimeout(turn) };
  return deadline;
}

AbortSignal.timeout = (ms) => {
  const controller = new AbortController();
  inTurns(() => controller.abort(new DOMException('the deadline', 'TimeoutError')), ms);
  return controller.signal;
};

// What `shared/monitors/real-time.ts` waits by; the global timers are another thing.
Object.assign(timers, {
  setTimeout: inTurns,
  clearTimeout: (deadline: ReturnType<typeof inTurns>) => deadline.callOff(),
});
syncBuiltinESMExports();

/** Until the test is over a deadline passes so many times as fast: of what is left of a long one, a busy machine takes little. */
export function hurryDeadlines(times: number): void {
  haste = times;
  onTestFinished(() => {
    haste = 1;
  });
}
