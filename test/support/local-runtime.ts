import type { Clock } from '../../infra/local/clock.ts';
import type { Runtime } from '../../infra/local/service.ts';

interface Task {
  time: number;
  run(): void | Promise<void>;
}

/** A clock that stands still until `advance`, which runs everything that falls due, in order, and awaits it. */
export interface HandClock extends Clock {
  advance(milliseconds: number): Promise<void>;
  /** Time goes on as while a machine sleeps: what falls due is run late, by the next `advance`. */
  sleep(milliseconds: number): void;
}

export function handClock(start: number): HandClock {
  let now = start;
  let tasks: Task[] = [];
  const next = (until: number) =>
    tasks.filter((task) => task.time <= until).sort((a, b) => a.time - b.time)[0];
  return {
    now: () => now,
    at(time, run) {
      const task = { time, run };
      tasks.push(task);
      return {
        cancel() {
          tasks = tasks.filter((other) => other !== task);
        },
      };
    },
    sleep(milliseconds) {
      now += milliseconds;
    },
    async advance(milliseconds) {
      const until = now + milliseconds;
      for (let task = next(until); task; task = next(until)) {
        const due = task;
        tasks = tasks.filter((other) => other !== due);
        now = Math.max(now, due.time);
        await due.run();
      }
      now = until;
    },
  };
}

/** 2026-11-20T05:00:00Z, on a minute. */
export const startOfTest = Date.UTC(2026, 10, 20, 5);

export interface TestRuntime extends Runtime {
  clock: HandClock;
  lines: string[];
}

/** A runtime in memory, or in `stateDir`, whose clock only moves by `clock.advance`. */
export function testRuntime(stateDir?: string, start = startOfTest): TestRuntime {
  const lines: string[] = [];
  return {
    clock: handClock(start),
    region: 'us-east-1',
    account: '000000000000',
    stateDir,
    log: (line) => lines.push(line),
    lines,
  };
}
