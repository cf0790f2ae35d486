import type { Look } from '../../conditions/properties.ts';
import type { Monitor } from '../../config/config.ts';
import { formatDuration } from '../../duration.ts';
import type { Session } from '../http/request.ts';
import { measureWithin } from '../http.ts';
import type { ProbeContext } from '../kind.ts';
import type { Attempt, ConditionFailure, Reason } from '../observation.ts';
import { judged } from '../verdict.ts';
import { extracted, lineOf } from './extraction.ts';
import { missingIn, requestOf } from './request.ts';
import type { ApiSettings, Step } from './settings.ts';
import { asItIs, type Value } from './template.ts';

/** One run through all steps. */
export interface Run {
  monitor: Monitor<ApiSettings>;
  context: ProbeContext;
  /** The attempt that failed, on a second look. */
  before: Attempt | undefined;
  session: Session;
  /** On the clock of `performance.now()`. */
  deadline: number;
  variables: Map<string, Value>;
  secretVariables: ReadonlySet<string>;
  /** Texts that must not be shown. */
  secrets: Set<string>;
}

/** A step, and its attempt where it was taken. */
export interface Taken {
  name: string;
  attempt?: Attempt;
}

/** Of the timeout, what is kept back for the cleanup: a quarter, and no more than 5 s. */
const reserveOf = ({ settings, timeout }: Monitor<ApiSettings>) =>
  settings.cleanup.length > 0 ? Math.min(timeout / 4, 5_000) : 0;

/** Characters of a variable that can be a secret: less is masked nowhere, as it may be part of anything. */
const shortestSecret = 4;

/** Takes the steps until one fails; those behind it have no attempt. Throws for faults of ours. */
export async function takeSteps(run: Run): Promise<Taken[]> {
  const end = run.deadline - reserveOf(run.monitor);
  const taken: Taken[] = [];
  let isWell = true;
  for (const step of run.monitor.settings.steps) {
    const attempt: Attempt | undefined = isWell ? await take(step, run, end - performance.now()) : undefined;
    isWell = attempt?.outcome === 'up';
    taken.push({ name: step.name, ...(attempt && { attempt }) });
  }
  return taken;
}

/** Takes every step of the cleanup, each within an even share of the time left; not those without their variables. */
export async function takeCleanup(run: Run): Promise<Taken[]> {
  const { cleanup } = run.monitor.settings;
  const taken: Taken[] = [];
  for (const [i, step] of cleanup.entries()) {
    const share = (run.deadline - performance.now()) / (cleanup.length - i);
    const isReady = missingIn(step, run.variables).length === 0;
    taken.push({ name: step.name, ...(isReady && { attempt: await take(step, run, share) }) });
  }
  return taken;
}

async function take(step: Step, run: Run, left: number): Promise<Attempt> {
  const { context, monitor } = run;
  const at = context.now();
  context.note?.(`step ${step.name}`);
  const fail = (reason: Reason, message: string): Attempt => ({ at, outcome: 'down', reason, message });
  const timeout = Math.floor(Math.min(step.timeout ?? left, left));
  if (timeout < 1)
    return fail(
      'response-timeout',
      `no time is left of ${formatDuration(monitor.timeout)}, the steps before took it`,
    );
  const settings = requestOf(step, run.variables);
  if ('problem' in settings) return fail('condition-failed', settings.problem);
  const { degraded: _, ...asked } = { ...monitor, timeout, expect: step.expect, settings };
  const measurement = await measureWithin(run.session, asked, context, run.before);
  for (const secret of measurement.secrets ?? []) run.secrets.add(secret);
  const failures = measurement.look ? extract(step, measurement.look, run) : [];
  return judged(asked, { ...measurement, failures }, asItIs, context.note);
}

/** Gives the step's variables their values. What is not there is told. */
function extract(step: Step, look: Look, { variables, secretVariables, secrets }: Run): ConditionFailure[] {
  return Object.entries(step.extract).flatMap(([name, extraction]) => {
    const found = extracted(extraction, look);
    if ('problem' in found) return { line: `${name} from ${lineOf(extraction)}`, problem: found.problem };
    variables.set(name, found.value);
    const text = String(found.value);
    if (secretVariables.has(name) && text.length >= shortestSecret) secrets.add(text);
    return [];
  });
}
