import { durationLiteral, parseDuration } from '../duration.ts';
import type { ConfiguredKind } from '../monitors/kind.ts';
import { type Entry, sourceOf } from './entries.ts';
import type { Findings } from './issues.ts';
import type { Path } from './problems.ts';
import { attemptsPerCheck, mostChecks } from './schema.ts';

const periodOf = (every: number) => `for a monitor that is checked every ${durationLiteral(every)}`;

/** Some targets are not to be asked every minute. */
export function refuseHaste(entry: Entry, every: number, kind: ConfiguredKind, findings: Findings): void {
  if (!kind.every || every >= parseDuration(kind.every.least)!) return;
  findings.report(sourceOf(entry, ['every']), {
    allowed: `at least ${kind.every.least} for a ${kind.kind} monitor: ${kind.every.because}`,
    fix: `write every: '${kind.every.default}' in the ${kind.kind} monitor`,
  });
}

/** A timeout that is sound by itself and does not go with the period. */
export function refuseTimeout(entry: Entry, every: number, timeout: number, findings: Findings): void {
  const longest = Math.floor(every / attemptsPerCheck);
  if (timeout <= longest) return;
  findings.report(sourceOf(entry, ['timeout']), {
    allowed: `at most ${durationLiteral(longest)} ${periodOf(every)}: a failed attempt is tried once more, and both must end in time`,
    fix: `write timeout: '${durationLiteral(longest)}'`,
  });
}

/** Likewise an alarm's `M of N`. */
export function refuseWindow(
  entry: Entry,
  field: Path,
  every: number,
  { after: [, of] }: { after: readonly [failing: number, of: number] },
  findings: Findings,
): void {
  const most = mostChecks(every);
  if (of <= most) return;
  findings.report(sourceOf(entry, field), {
    allowed: `at most ${most} checks ${periodOf(every)}: CloudWatch looks back no further`,
    fix: "write after: '2 of 3'",
  });
}
