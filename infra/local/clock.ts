/** The runtime's time: real, or moved by hand. Everything that is due later is registered here. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `task` once at `time` (at once if past). A manual clock's `advance` waits for what it returns. */
  at(time: number, task: () => void | Promise<void>): { cancel(): void };
}
