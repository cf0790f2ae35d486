import { judge, seenBy } from '../conditions/judge.ts';
import type { Look } from '../conditions/properties.ts';
import type { Condition, Monitor } from '../config/config.ts';
import type { Measurement } from './kind.ts';
import type { Attempt, Component, ConditionFailure, StepResult } from './observation.ts';
import type { Note } from './trace.ts';

/** Makes a text from the target fit to be kept: short, and without our secrets. */
type Present = (text: string) => string;

/**
 * The attempt with its verdict: the worst of what the target says of itself and of the conditions. Every text in it that comes from
 * the target is presented.
 */
export function judged(
  monitor: Monitor,
  { attempt, look, verdict, failures: unmet = [], excerpt }: Measurement,
  present: Present,
  note?: Note,
): Attempt {
  const shown = shownOf(attempt, present);
  if (attempt.reason || !look) return shown;
  const failed = [...failing(monitor.expect, look, note), ...unmet];
  const isDown = verdict?.outcome === 'down' || failed.length > 0;
  const failures = isDown ? failed : failing(monitor.degraded ?? [], look, note);
  if (!verdict && failures.length === 0) return shown;
  const outcome = isDown ? 'down' : 'degraded';
  const own = verdict?.outcome === outcome ? verdict.message : undefined;
  const ownReason = isDown ? 'unhealthy' : 'degraded';
  return {
    ...shown,
    outcome,
    reason: own === undefined ? 'condition-failed' : ownReason,
    message: present(own ?? sentenceOf(failures)),
    ...(failures.length > 0 && { failures: failures.map((failure) => shownFailure(failure, present)) }),
    ...(excerpt && { excerpt: present(excerpt()) }),
  };
}

const failing = (conditions: readonly Condition[], look: Look, note?: Note): ConditionFailure[] =>
  conditions.flatMap((condition) => {
    const failure = judge(condition, look);
    note?.(`${failure ? '✗' : '✓'} ${condition.line}: ${failure?.problem ?? seenBy(condition, look)}`);
    return failure ?? [];
  });

/** `expected status == 200, got 503 (and 2 more conditions failed)` */
function sentenceOf([first, ...others]: ConditionFailure[]): string {
  const { line, seen, problem } = first!;
  const more =
    others.length === 1 ? ' (and 1 more condition failed)' : ` (and ${others.length} more conditions failed)`;
  return `expected ${line}, ${seen === undefined ? problem : `got ${seen}`}${others.length > 0 ? more : ''}`;
}

const shownOf = (
  { message, components, failures, steps, complaints, excerpt, ...attempt }: Attempt,
  present: Present,
): Attempt => ({
  ...attempt,
  ...(message && { message: present(message) }),
  ...(failures && { failures: failures.map((failure) => shownFailure(failure, present)) }),
  ...(steps && { steps: steps.map((step) => shownStep(step, present)) }),
  ...(complaints && { complaints: { ...complaints, first: complaints.first.map(present) } }),
  ...(excerpt !== undefined && { excerpt: present(excerpt) }),
  ...(components && { components: components.map((component) => shownComponent(component, present)) }),
});

const shownComponent = ({ name, message, ...component }: Component, present: Present): Component => ({
  name: present(name),
  ...component,
  ...(message && { message: present(message) }),
});

const shownStep = ({ name, message, failures, ...step }: StepResult, present: Present): StepResult => ({
  name: present(name),
  ...step,
  ...(message && { message: present(message) }),
  ...(failures && { failures: failures.map((failure) => shownFailure(failure, present)) }),
});

const shownFailure = ({ line, seen, problem }: ConditionFailure, present: Present): ConditionFailure => ({
  line,
  ...(seen !== undefined && { seen: present(seen) }),
  ...(problem !== undefined && { problem: present(problem) }),
});
