import type { Activity } from './activity.ts';
import { type Clock, type RuntimeClock, run } from './clock.ts';

/** A clock that stands still until it is moved. */
export interface ManualClock extends RuntimeClock {
  /**
   * Moves time forward by `ms`, running what is due on the way in order of time, one after another. Resolves when
   * nothing due is left: invocations have ended or wait for a later time, and queues hold nothing visible.
   */
  advance(ms: number): Promise<void>;
  /** The time as one shared 64-bit integer, for worker threads. */
  readonly shared: SharedArrayBuffer;
}

interface Entry {
  time: number;
  task: () => void | Promise<void>;
}

/** `report` hears of tasks that throw. */
export function manualClock(
  start: number,
  activity: Activity,
  report: (error: unknown) => void,
): ManualClock {
  const shared = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  const cell = new BigInt64Array(shared);
  const set = (time: number) => Atomics.store(cell, 0, BigInt(time));
  const now = () => Number(Atomics.load(cell, 0));
  set(start);

  /** In order of time, then of registration. */
  let due: Entry[] = [];
  let moving: Promise<void> = Promise.resolve();

  const begin = (task: Entry['task']) => {
    const end = activity.begin();
    void run(task, report).then(end);
  };

  const at: Clock['at'] = (time, task) => {
    const entry = { time, task };
    if (time <= now()) {
      let cancelled = false;
      begin(async () => {
        await Promise.resolve();
        if (!cancelled) await task();
      });
      return {
        cancel: () => {
          cancelled = true;
        },
      };
    }
    const after = due.findIndex((other) => other.time > time);
    due.splice(after === -1 ? due.length : after, 0, entry);
    return {
      cancel: () => {
        due = due.filter((other) => other !== entry);
      },
    };
  };

  const move = async (ms: number) => {
    const target = now() + ms;
    await activity.settled();
    for (let next = due[0]; next && next.time <= target; next = due[0]) {
      due.shift();
      set(next.time);
      begin(next.task);
      await activity.settled();
    }
    set(target);
  };

  const advance = (ms: number) => {
    moving = moving.then(() => move(ms));
    return moving;
  };
  const stop = () => {
    due = [];
  };
  return { now, at, advance, stop, shared };
}
