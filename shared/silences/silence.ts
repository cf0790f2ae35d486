import type { Matcher } from '../routing/route.ts';

/** Whoever matches is not told about from `startsAt` up to `endsAt`. Kept in the incidents table: `SILENCES` / `<id>`. */
export interface Silence {
  id: string;
  /** All must fit; at least one does not fit the empty label. */
  matchers: Matcher[];
  /** Epoch milliseconds, inclusive. */
  startsAt: number;
  /** Epoch milliseconds, exclusive. */
  endsAt: number;
  /** Who made it. */
  by: string;
  comment: string;
  updatedAt: number;
}

export type SilenceState = 'pending' | 'active' | 'expired';

export function silenceState({ startsAt, endsAt }: Silence, now: number): SilenceState {
  if (now >= endsAt) return 'expired';
  return now < startsAt ? 'pending' : 'active';
}
