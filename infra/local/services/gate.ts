/** Lets many pass at once, or one alone. */
export interface Gate {
  shared<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Waits for those inside and keeps others out until done; in order of asking. */
  alone<Result>(run: () => Promise<Result>): Promise<Result>;
}

export function createGate(): Gate {
  const inside = new Set<Promise<unknown>>();
  let lastAlone: Promise<unknown> = Promise.resolve();
  return {
    async shared(run) {
      for (let awaited: unknown; awaited !== lastAlone; ) {
        awaited = lastAlone;
        await lastAlone;
      }
      const running = run();
      inside.add(running);
      try {
        return await running;
      } finally {
        inside.delete(running);
      }
    },
    alone(run) {
      const before = lastAlone;
      const running = before.then(() => Promise.allSettled(inside)).then(run);
      lastAlone = running.catch(() => {});
      return running;
    },
  };
}
