/**
 * What is going on right now. The manual clock moves on only when nothing is: an invocation that waits for the clock
 * itself does not count.
 */
export interface Activity {
  /** Something began; call what it returns when it ended or waits for the clock. */
  begin(): () => void;
  /** Resolves when nothing has been going on for a whole turn of the event loop. */
  settled(): Promise<void>;
}

export function createActivity(): Activity {
  let running = 0;
  const waiting: (() => void)[] = [];

  const begin = () => {
    running++;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      running--;
      if (running > 0) return;
      for (const wake of waiting.splice(0)) wake();
    };
  };

  const settled = async () => {
    do {
      if (running > 0) await new Promise<void>((wake) => waiting.push(wake));
      // What follows from an end (the next batch of a queue, say) begins within this turn.
      await new Promise(setImmediate);
    } while (running > 0);
  };
  return { begin, settled };
}
