import { SecretMissing } from '../aws/secrets.ts';
import { judge } from '../conditions/judge.ts';
import type { Monitor } from '../config/config.ts';
import { kindIn, type Measurement, type MonitorKinds, type ProbeContext } from './kind.ts';
import { type Mask, maskOf, presentable } from './masking.ts';
import type { Attempt, ConditionFailure, Observation } from './observation.ts';
import { pauseMs } from './slots.ts';

export interface CheckContext extends ProbeContext {
  kinds: MonitorKinds;
}

/**
 * One check of a monitor: an attempt, judged; a failure is looked at again after a second, on a new connection. The second look
 * decides. Never throws: what we could not do is an `unknown` observation.
 */
export async function check(monitor: Monitor, context: CheckContext): Promise<Observation> {
  const first = await attempt(monitor, context);
  const isSettled =
    first.outcome === 'up' || first.outcome === 'degraded' || first.reason === 'secret-missing';
  if (isSettled) return { monitor: monitor.id, ...first };
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const second = await attempt(monitor, context, first);
  return { monitor: monitor.id, ...second, attempts: [first, second] };
}

async function attempt(monitor: Monitor, context: CheckContext, before?: Attempt): Promise<Attempt> {
  const at = context.now();
  const read = new Set<string>();
  const remembering: ProbeContext = {
    ...context,
    async readSecret(name) {
      const value = await context.readSecret(name);
      read.add(value);
      return value;
    },
  };
  try {
    const kind = kindIn(context.kinds, monitor.kind);
    if (!kind) throw new Error(`this probe knows no monitors of the kind ${monitor.kind}`);
    const measurement = await kind.measure(monitor, remembering, before);
    return judged(monitor, measurement, maskOf([...read, ...(measurement.secrets ?? [])]));
  } catch (error) {
    const reason = error instanceof SecretMissing ? 'secret-missing' : 'probe-error';
    const message = presentable((error as Error).message, maskOf(read));
    return { at, outcome: 'unknown', reason, message };
  }
}

/** The attempt with its verdict; no text in it holds a secret. */
function judged(monitor: Monitor, { attempt, look, excerpt }: Measurement, mask: Mask): Attempt {
  if (attempt.reason)
    return { ...attempt, ...(attempt.message && { message: presentable(attempt.message, mask) }) };
  const failures = look ? monitor.expect.flatMap((condition) => judge(condition, look) ?? []) : [];
  if (failures.length === 0) return attempt;
  return {
    ...attempt,
    outcome: 'down',
    reason: 'condition-failed',
    message: presentable(sentenceOf(failures), mask),
    failures: failures.map(({ line, seen, problem }) => ({
      line,
      ...(seen !== undefined && { seen: presentable(seen, mask) }),
      ...(problem !== undefined && { problem: presentable(problem, mask) }),
    })),
    ...(excerpt && { excerpt: presentable(excerpt(), mask) }),
  };
}

/** `expected status == 200, got 503 (and 2 more conditions failed)` */
function sentenceOf([first, ...others]: ConditionFailure[]): string {
  const { line, seen, problem } = first!;
  const more =
    others.length === 1 ? ' (and 1 more condition failed)' : ` (and ${others.length} more conditions failed)`;
  return `expected ${line}, ${seen === undefined ? problem : `got ${seen}`}${others.length > 0 ? more : ''}`;
}
