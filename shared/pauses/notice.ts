import * as z from 'zod/mini';
import { unitMs } from '../duration.ts';

/**
 * How probes learn of pauses, so that a paused target is left alone: a plain SSM parameter beside the secrets, which they can read
 * anyway. It cannot be the name of a secret. Home decides all the same: a probe that did not hear of it checks for nothing.
 */
export const pauseNotice = 'state/paused';

/**
 * Milliseconds a notice is good for. It is renewed every minute while anything is paused; when nobody renews it any more, probes
 * check again: a notice that was forgotten must not make them blind.
 */
export const noticeLastsMs = 10 * unitMs.m;

const schema = z.object({ until: z.number(), monitors: z.array(z.string()) });

/** @param monitors ids of those that are paused */
export const noticeOf = (monitors: readonly string[], now: number): string =>
  JSON.stringify({ until: now + noticeLastsMs, monitors: [...monitors] } satisfies z.infer<typeof schema>);

/** Ids of the monitors that a notice says to leave alone; none of one that is out of date or no notice at all. */
export function pausedBy(notice: string, now: number): ReadonlySet<string> {
  const read = schema.safeParse(parsed(notice));
  return new Set(read.success && now < read.data.until ? read.data.monitors : []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
