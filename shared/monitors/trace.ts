import type { Socket } from 'node:net';
import type { Phase, Timings } from './observation.ts';
import { afterRealTime } from './real-time.ts';

/** Told of a step of an attempt, in one line. What is sent begins with `>`, what is received with `<`. */
export type Note = (step: string) => void;

/** Follows one attempt through its phases: how long each took and, when it breaks off, where it was. */
export interface Trace {
  /** Aborted when the attempt's time is over, whatever it is doing; never after its end. */
  readonly deadline: AbortSignal;
  /** The work's result, or a rejection at the deadline. */
  within<Result>(work: Promise<Result>): Promise<Result>;
  /** The open connection, destroyed at the deadline and at the end. */
  socket: Socket | undefined;
  /** Milliseconds the whole attempt may take. */
  readonly timeout: number;
  /** Undefined before the first phase and after the last. */
  phase: Phase | undefined;
  /** The host as written, of the present hop. */
  host: string | undefined;
  /** What is connected to, last. */
  peer: { address: string; port: number } | undefined;
  /** What is waited for on the connection, where that is not the first byte of an answer. */
  waitingFor: string | undefined;
  /** Of the server certificate that ends first, over all hops; negative once it has expired. */
  certificateDaysLeft: number | undefined;
  /** Of who wants to read every step; a probe has none, and makes no text for it. */
  note: Note | undefined;
  /** Begins a phase and ends the one before; a phase entered again (a redirect) adds up. */
  enter(phase: Phase): void;
  /** Begins to measure anew: what was before is not the target's time. The deadline stays. */
  restart(): void;
  /** Ends the last phase, the connection, and the wait for the deadline. */
  end(): { responseTime: number; timings: Timings };
  /** Milliseconds left until the deadline. */
  remaining(): number;
}

/** Milliseconds to one decimal. */
export const tenths = (ms: number) => Math.round(ms * 10) / 10;

/** Starts the clock of an attempt: monotonic, real time. */
export function startTrace(timeout: number, note?: Note): Trace {
  const begun = performance.now();
  const spent = new Map<Phase, number>();
  let started = begun;
  let entered = begun;
  const leave = () => {
    const now = performance.now();
    if (trace.phase) spent.set(trace.phase, (spent.get(trace.phase) ?? 0) + now - entered);
    entered = now;
    return now;
  };
  const deadline = new AbortController();
  let abandon: ((error: Error) => void) | undefined;
  const callOff = afterRealTime(timeout, () => {
    const error = new Error('the deadline of the attempt');
    deadline.abort(error);
    trace.socket?.destroy(error);
    abandon?.(error);
  });
  const trace: Trace = {
    deadline: deadline.signal,
    socket: undefined,
    timeout,
    phase: undefined,
    host: undefined,
    peer: undefined,
    waitingFor: undefined,
    certificateDaysLeft: undefined,
    note,
    within: (work) =>
      new Promise((resolve, reject) => {
        abandon = reject;
        work.then(resolve, reject);
      }),
    enter(phase) {
      leave();
      trace.phase = phase;
    },
    restart() {
      spent.clear();
      started = entered = performance.now();
      Object.assign(trace, { phase: undefined, waitingFor: undefined, certificateDaysLeft: undefined });
    },
    end() {
      const responseTime = tenths(leave() - started);
      trace.phase = undefined;
      callOff();
      // Whatever ended the attempt, its connection ends with it.
      trace.socket?.destroy();
      const timings: Timings = {};
      for (const [phase, ms] of spent) timings[phase] = tenths(ms);
      return { responseTime, timings };
    },
    remaining: () => Math.max(0, timeout - (performance.now() - begun)),
  };
  return trace;
}
