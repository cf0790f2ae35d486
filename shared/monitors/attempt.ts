import type { Look, Seen } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { AttemptFailed, failureOf } from './failure.ts';
import type { Measurement, ProbeContext } from './kind.ts';
import type { Attempt } from './observation.ts';
import { startTrace, type Trace, tenths } from './trace.ts';

/** What a kind makes of an answer: fields of the attempt, and how conditions look at it. */
export interface Conclusion extends Omit<Measurement, 'attempt'> {
  fields?: Partial<Attempt>;
}

/**
 * One attempt: `work` measures the target until the deadline, once more where its failure says so, `conclude` says what there is to judge. What ends the work early is the
 * failure of the attempt, with everything the trace knows by then; faults of ours are thrown.
 */
export async function attemptAt<Result>(
  { timeout }: Monitor,
  { now, note }: ProbeContext,
  work: (trace: Trace) => Promise<Result>,
  conclude: (result: Result, responseTime: number, trace: Trace) => Conclusion,
): Promise<Measurement> {
  const at = now();
  const trace = startTrace(timeout, note);
  try {
    const result = await trace.within(
      work(trace).catch((error) => {
        if (!(error instanceof AttemptFailed && error.again)) throw error;
        trace.restart();
        return work(trace);
      }),
    );
    const measured = measuredBy(trace);
    const { fields, ...rest } = conclude(result, measured.responseTime, trace);
    return { attempt: { at, outcome: 'up', ...measured, ...fields }, ...rest };
  } catch (error) {
    if (!(error instanceof AttemptFailed || trace.deadline.aborted)) throw error;
    const { reason, message } = failureOf(error, trace);
    const phase = trace.phase;
    return {
      attempt: { at, outcome: 'down', reason, message, ...(phase && { phase }), ...measuredBy(trace) },
    };
  }
}

/** What the trace knows, in the fields of an attempt. */
function measuredBy(trace: Trace) {
  const { peer, certificateDaysLeft } = trace;
  return {
    ...trace.end(),
    ...(peer && { address: peer.address }),
    ...(certificateDaysLeft !== undefined && { certificateDaysLeft: tenths(certificateDaysLeft) }),
  };
}

/** Looks properties up by name, computed when they are asked for. */
export function lookAmong(kind: string, properties: Record<string, (argument: string) => Seen>): Look {
  return (property, argument = '') =>
    Object.hasOwn(properties, property)
      ? properties[property]!(argument)
      : { problem: `${kind} has no property ${property}` };
}
