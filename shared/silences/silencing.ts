import { Refusal } from '../refusal.ts';
import { matchersProblem } from './matchers.ts';
import { edited, expired, type Silence, silenceState, type Wanted } from './silence.ts';

/** What changing silences needs of the world. */
export interface SilencePorts {
  /** Epoch milliseconds. */
  now(): number;
  /** A UUID that is nobody's yet. */
  newId(): string;
  /** Those that are over for less than some days as well. */
  readSilences(): Promise<Silence[]>;
  readSilence(id: string): Promise<Silence | undefined>;
  /** All or none. False when one of `before` was changed meanwhile. */
  putSilences(silences: readonly Silence[], before: readonly Silence[]): Promise<boolean>;
  /** Has what was held back by one that ends early looked at again. */
  wake(silence: string): Promise<void>;
}

/** Silences that are not over; each is asked about every incident. */
export const maxSilences = 200;

export const silenceLimits = { comment: 1_000, by: 100 };

/**
 * Makes a silence, or edits one, and answers with what it became: of another id where the old one had to stay as it was.
 * @throws Refusal where the silence cannot be, or there is none to edit
 */
export async function setSilence(ports: SilencePorts, wanted: Wanted, id?: string): Promise<Silence> {
  const problem = wantedProblem(wanted, ports.now());
  if (problem) throw new Refusal('invalid', problem);
  for (;;) {
    const silences = await ports.readSilences();
    const before = silences.find((silence) => silence.id === id);
    if (id !== undefined && !before) throw notFound(id);
    const now = ports.now();
    const changed = edited(before, wanted, ports.newId(), now);
    const others = silences.filter(
      (silence) => silence !== before && silenceState(silence, now) !== 'expired',
    );
    if (others.length >= maxSilences)
      throw new Refusal('invalid', `there are ${maxSilences} silences already: expire some`);
    if (!(await ports.putSilences(changed, before ? [before] : []))) continue;
    if (before) await ports.wake(before.id);
    return changed[0]!;
  }
}

/**
 * Ends a silence now; one that is over stays as it is.
 * @throws Refusal where there is none of this id
 */
export async function expireSilence(ports: SilencePorts, id: string): Promise<Silence> {
  for (;;) {
    const before = await ports.readSilence(id);
    if (!before) throw notFound(id);
    const after = expired(before, ports.now());
    if (after !== before && !(await ports.putSilences([after], [before]))) continue;
    // Even if it was over: whoever expired it may have stopped before this.
    await ports.wake(id);
    return after;
  }
}

const notFound = (id: string) =>
  new Refusal('not-found', `no silence has the id ${JSON.stringify(id.slice(0, 80))}`);

function wantedProblem({ matchers, startsAt, endsAt, by, comment }: Wanted, now: number): string | undefined {
  if (!(endsAt > startsAt)) return 'its end must come after its start';
  if (endsAt <= now) return 'its end has passed: name a time to come';
  if (comment.length > silenceLimits.comment)
    return `a comment has at most ${silenceLimits.comment} characters`;
  if (by === '' || by.length > silenceLimits.by) return `its author has 1 to ${silenceLimits.by} characters`;
  return matchersProblem(matchers);
}
