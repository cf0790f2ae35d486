import type { FunctionWorker } from './function-worker.ts';

/** How long an unused worker is kept, in real milliseconds; longer where it was wanted again soon after it was stopped. */
const keptMs = 30_000;
const keptLongerMs = 90_000;

/** The workers of one function: started when wanted, stopped when unused. */
export interface WorkerPool {
  /** Runs `work` on a worker of its own, when one of at most `limit` is free. */
  with<Result>(work: (worker: FunctionWorker) => Promise<Result>): Promise<Result>;
  /** Ends the workers, those that work after they have: the next ones begin anew. */
  renew(): void;
  stop(): void;
}

export function createPool(start: () => FunctionWorker, limit: number): WorkerPool {
  const workers = new Set<FunctionWorker>();
  const free = new Map<FunctionWorker, NodeJS.Timeout>();
  const outdated = new WeakSet<FunctionWorker>();
  const waiting: (() => void)[] = [];
  let lastStop = Number.NEGATIVE_INFINITY;
  let keep = keptMs;

  const take = (): FunctionWorker | undefined => {
    for (const [worker, timer] of free) {
      clearTimeout(timer);
      free.delete(worker);
      if (worker.alive()) return worker;
      workers.delete(worker);
    }
    if (workers.size >= limit) return undefined;
    if (Date.now() - lastStop < 2 * keptLongerMs) keep = keptLongerMs;
    const worker = start();
    workers.add(worker);
    return worker;
  };

  const discard = (worker: FunctionWorker) => {
    free.delete(worker);
    workers.delete(worker);
    lastStop = Date.now();
    worker.stop();
  };

  const giveBack = (worker: FunctionWorker) => {
    if (outdated.has(worker)) discard(worker);
    else if (worker.alive()) free.set(worker, setTimeout(discard, keep, worker).unref());
    else workers.delete(worker);
    waiting.shift()?.();
  };

  return {
    async with(work) {
      let worker = take();
      while (!worker) {
        await new Promise<void>((wake) => waiting.push(wake));
        worker = take();
      }
      try {
        return await work(worker);
      } finally {
        giveBack(worker);
      }
    },
    renew() {
      for (const worker of workers) outdated.add(worker);
      for (const [worker, timer] of free) {
        clearTimeout(timer);
        discard(worker);
      }
    },
    stop() {
      for (const timer of free.values()) clearTimeout(timer);
      for (const worker of workers) worker.stop();
      free.clear();
      workers.clear();
    },
  };
}
