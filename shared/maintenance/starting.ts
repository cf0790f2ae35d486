import type { Config } from '../config/config.ts';
import { Refusal } from '../refusal.ts';
import { longestWindowMs, type StartedWindow } from './window.ts';

/** What starting and ending windows needs of the world. */
export interface WindowPorts {
  config: Pick<Config, 'monitors'>;
  /** Epoch milliseconds. */
  now(): number;
  /** An id that is nobody's yet. */
  newId(): string;
  /** Those that are over for less than some days as well. */
  readWindows(): Promise<StartedWindow[]>;
  /** In place of the one of the same id. */
  putWindow(window: StartedWindow): Promise<void>;
  /** Has what was held back by one that ends early looked at again. */
  wake(window: string): Promise<void>;
}

/** Windows that are not over: each is asked about every check. */
export const maxStartedWindows = 50;

export const windowLimits = { comment: 1_000, by: 100 };

/**
 * Begins a maintenance window, now or later. CloudWatch does not know of it: its alarms still tell us, and we hold them back.
 * @throws Refusal where there is no such monitor, or no such time
 */
export async function startWindow(
  ports: WindowPorts,
  wanted: Omit<StartedWindow, 'id'>,
): Promise<StartedWindow> {
  const now = ports.now();
  const known = new Set(ports.config.monitors.map(({ id }) => id));
  const unknown = wanted.monitors.find((id) => !known.has(id));
  if (unknown !== undefined)
    throw new Refusal('not-found', `the config has no monitor ${JSON.stringify(unknown.slice(0, 80))}`);
  const problem = problemOf(wanted, now);
  if (problem) throw new Refusal('invalid', problem);
  const others = (await ports.readWindows()).filter(({ to }) => to > now);
  if (others.length >= maxStartedWindows)
    throw new Refusal('invalid', `there are ${maxStartedWindows} windows already: end some`);
  // Time that has passed was not announced: what was seen in it counts.
  const window = { ...wanted, id: ports.newId(), from: Math.max(wanted.from, now) };
  await ports.putWindow(window);
  return window;
}

function problemOf(
  { monitors, from, to, by, comment = '' }: Omit<StartedWindow, 'id'>,
  now: number,
): string | undefined {
  if (monitors.length === 0) return 'a window is about at least one monitor';
  if (!(to > from)) return 'its end must come after its beginning';
  if (to <= now) return 'its end has passed: name a time to come';
  if (to - from > longestWindowMs) return 'a window lasts at most 15 days: pause the monitor instead';
  if (by === '' || by.length > windowLimits.by) return `who begins it has 1 to ${windowLimits.by} characters`;
  return comment.length > windowLimits.comment
    ? `a comment has at most ${windowLimits.comment} characters`
    : undefined;
}

/**
 * Ends a window that somebody began; one that has not begun never was, and one that is over stays as it is.
 * @throws Refusal where there is none of this id
 */
export async function endWindow(ports: WindowPorts, id: string): Promise<StartedWindow> {
  const window = (await ports.readWindows()).find((each) => each.id === id);
  if (!window)
    throw new Refusal(
      'not-found',
      `nobody began a window ${JSON.stringify(id.slice(0, 80))}; those of the config end when it says`,
    );
  const now = ports.now();
  const ended = now >= window.to ? window : { ...window, from: Math.min(window.from, now), to: now };
  if (ended !== window) await ports.putWindow(ended);
  await ports.wake(id);
  return ended;
}
