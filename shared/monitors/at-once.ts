import { afterRealTime } from './real-time.ts';

/** Checks that are at work at the same time, at most. */
const places = 100;

/** Milliseconds until a check that has not ended is one that waits, for its target or for its second look: it works no more. */
const patience = 250;

/** Checks that one place leaves waiting, at most: all places together stay far below the 1,024 files a Lambda may have open. */
const leftWaiting = 5;

/**
 * Works on all items, at most a hundred at a time, so that none waits for our own processor. What takes long gives its place to
 * another one, so that targets that are silent delay nobody. Results are in the order of the items; rejects with the first error
 * when all have ended.
 */
export async function atOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Promise<Result>[] = [];
  const next = items.entries();
  const place = async () => {
    const waiting = new Set<Promise<void>>();
    for (const [index, item] of next) {
      const result = work(item);
      results[index] = result;
      const ended = result.then(
        () => {},
        () => {},
      );
      waiting.add(ended);
      void ended.then(() => waiting.delete(ended));
      await within(patience, ended);
      if (waiting.size === leftWaiting) await Promise.race(waiting);
    }
    await Promise.all(waiting);
  };
  await Promise.all(Array.from({ length: Math.min(places, items.length) }, place));
  return Promise.all(results);
}

/** Resolves when work has ended, or after so many milliseconds. */
function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const callOff = afterRealTime(ms, resolve);
    void work.then(callOff).then(resolve);
  });
}
