import { vi } from 'vitest';
import { check } from '../../shared/monitors/check.ts';
import { pauseMs } from '../../shared/monitors/slots.ts';

/** Runs a check whose pause before the second look passes at once; deadlines and sockets stay real. */
export async function checkQuickly(...args: Parameters<typeof check>) {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    const run = check(...args);
    let isDone = false;
    const done = run.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(pauseMs);
    }
    return await done;
  } finally {
    vi.useRealTimers();
  }
}
