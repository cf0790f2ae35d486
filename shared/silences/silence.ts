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

export function silenceState(
  { startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>,
  now: number,
): SilenceState {
  if (now >= endsAt) return 'expired';
  return now < startsAt ? 'pending' : 'active';
}

/** What somebody wants a silence to be. */
export type Wanted = Pick<Silence, 'matchers' | 'startsAt' | 'endsAt' | 'by' | 'comment'>;

/**
 * What becomes of a wish, the silence that is wanted first. What was true of the past stays so: one that has begun keeps its id only while
 * its matchers and beginning stay, and one that is over never. Otherwise it ends now, and another one begins.
 * @param before the silence that is to be edited; undefined for one that is new
 * @param newId of the other one
 */
export function edited(before: Silence | undefined, wanted: Wanted, newId: string, now: number): Silence[] {
  if (before && staysItself(before, wanted, now)) {
    const startsAt = silenceState(before, now) === 'active' ? before.startsAt : wanted.startsAt;
    return [{ ...before, ...wanted, startsAt, updatedAt: now }];
  }
  const made = { ...wanted, id: newId, startsAt: Math.max(wanted.startsAt, now), updatedAt: now };
  return before && silenceState(before, now) !== 'expired' ? [made, expired(before, now)] : [made];
}

function staysItself(before: Silence, wanted: Wanted, now: number): boolean {
  if (!sameMatchers(before.matchers, wanted.matchers)) return false;
  switch (silenceState(before, now)) {
    case 'active':
      // Other tools write times to the second.
      return (
        Math.floor(before.startsAt / 1_000) === Math.floor(wanted.startsAt / 1_000) && wanted.endsAt >= now
      );
    case 'pending':
      return wanted.startsAt >= now;
    case 'expired':
      return false;
  }
}

/** Ends a silence now. One that has not begun never was; one that is over stays as it is. */
export function expired(silence: Silence, now: number): Silence {
  const state = silenceState(silence, now);
  if (state === 'expired') return silence;
  return { ...silence, ...(state === 'pending' && { startsAt: now }), endsAt: now, updatedAt: now };
}

/** Whatever their order. */
function sameMatchers(a: readonly Matcher[], b: readonly Matcher[]): boolean {
  const sorted = (matchers: readonly Matcher[]) =>
    JSON.stringify(
      matchers.map(({ label, operator, values }) => JSON.stringify([label, operator, values])).sort(),
    );
  return sorted(a) === sorted(b);
}
