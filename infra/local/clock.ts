/** The runtime's time: real, or moved by hand. Everything that is due later is registered here. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `task` once at `time` (at once if past). A manual clock's `advance` waits for what it returns. */
  at(time: number, task: () => void | Promise<void>): { cancel(): void };
}

/** A clock that the runtime started and stops. */
export interface RuntimeClock extends Clock {
  /** Forgets whatever is still due. */
  stop(): void;
}

/** The longest delay `setTimeout` takes. */
const longestDelayMs = 2 ** 31 - 1;

/** The machine's own clock. `report` hears of tasks that throw. */
export function realClock(report: (error: unknown) => void): RuntimeClock {
  const pending = new Set<NodeJS.Timeout>();
  const at: Clock['at'] = (time, task) => {
    let timer: NodeJS.Timeout;
    const arm = () => {
      timer = setTimeout(fire, Math.min(Math.max(0, time - Date.now()), longestDelayMs));
      pending.add(timer);
    };
    const fire = () => {
      pending.delete(timer);
      if (Date.now() < time) return arm();
      run(task, report);
    };
    const cancel = () => {
      pending.delete(timer);
      clearTimeout(timer);
    };
    arm();
    return { cancel };
  };
  const stop = () => {
    for (const timer of pending) clearTimeout(timer);
    pending.clear();
  };
  return { now: Date.now, at, stop };
}

/** Runs a task to its end, handing what it throws to `report`. */
export async function run(task: () => void | Promise<void>, report: (error: unknown) => void): Promise<void> {
  try {
    await task();
  } catch (error) {
    report(error);
  }
}
