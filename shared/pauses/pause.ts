/**
 * A monitor that somebody paused while everything runs: it is not checked (`notice.ts` tells the probes; what one sees that did not
 * hear counts for nothing), it raises no alarm, and the time is outside of its uptime. What the config pauses (`enabled: false`)
 * needs no such record.
 */
export interface Pause {
  /** Id of the monitor. */
  monitor: string;
  /** Epoch milliseconds. */
  at: number;
  /** Who paused it. */
  by: string;
  reason?: string;
  /**
   * When it ends by itself, epoch milliseconds; without it somebody resumes. A pause whose end has come is kept until the
   * monitor's alarm works again.
   */
  until?: number;
}

/** Whether the pause holds at a moment after it began. */
export const isPaused = ({ until }: Pause, at: number): boolean => until === undefined || at < until;

/** The pause of a monitor that holds now. */
export const pauseOf = (pauses: readonly Pause[], monitor: string, now: number): Pause | undefined =>
  pauses.find((pause) => pause.monitor === monitor && isPaused(pause, now));
