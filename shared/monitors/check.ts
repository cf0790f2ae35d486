import { SecretMissing } from '../aws/secrets.ts';
import type { Monitor } from '../config/config.ts';
import { maskOf } from '../masking.ts';
import { kindIn, type MonitorKinds, type ProbeContext } from './kind.ts';
import type { Attempt, Observation, Reason } from './observation.ts';
import { presentable } from './presentable.ts';
import { pauseMs } from './slots.ts';
import { type Step, startTranscript } from './transcript.ts';
import { judged } from './verdict.ts';

/** A second look a moment later would find the same. */
const settled: ReadonlySet<Reason> = new Set(['secret-missing', 'expiry-unknown']);

export interface CheckContext extends Omit<ProbeContext, 'note'> {
  kinds: MonitorKinds;
  /** Is told of a first failure at once, while the check pauses before its second look. */
  suspect?(first: Attempt): void;
  /** Is told what an attempt did, when it is over. Without it steps are not even put into words. */
  transcribe?(monitor: string, steps: Step[]): void;
}

/**
 * One check of a monitor: an attempt, judged; a failure is looked at again after a second, on a new connection. The second look
 * decides. Never throws: what we could not do is an `unknown` observation.
 */
export async function check(monitor: Monitor, context: CheckContext): Promise<Observation> {
  const first = await attempt(monitor, context);
  const isWell = first.outcome === 'up' || first.outcome === 'degraded';
  if (isWell || (first.reason && settled.has(first.reason))) return { monitor: monitor.id, ...first };
  context.suspect?.(first);
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const second = await attempt(monitor, context, first);
  return { monitor: monitor.id, ...second, attempts: [first, second].map(withoutScreenshot) };
}

/** One picture is enough: that of the decisive attempt. */
const withoutScreenshot = ({ screenshot: _, ...attempt }: Attempt): Attempt => attempt;

async function attempt(monitor: Monitor, context: CheckContext, before?: Attempt): Promise<Attempt> {
  const { transcribe } = context;
  const transcript = transcribe && startTranscript();
  const secrets = new Set<string>();
  const remembering: CheckContext & ProbeContext = {
    ...context,
    ...(transcript && { note: transcript.note }),
    async readSecret(name) {
      const value = await context.readSecret(name);
      secrets.add(value);
      return value;
    },
  };
  const result = await look(monitor, remembering, secrets, before);
  if (transcript) transcribe(monitor.id, transcript.end(result, maskOf(secrets)));
  return result;
}

/** @param secrets those that were read; what is made of them is added */
async function look(
  monitor: Monitor,
  context: CheckContext & ProbeContext,
  secrets: Set<string>,
  before?: Attempt,
): Promise<Attempt> {
  const at = context.now();
  try {
    const kind = kindIn(context.kinds, monitor.kind);
    if (!kind) throw new Error(`this probe knows no monitors of the kind ${monitor.kind}`);
    const measurement = await kind.measure(monitor, context, before);
    for (const secret of measurement.secrets ?? []) secrets.add(secret);
    const mask = maskOf(secrets);
    const seen = judged(monitor, measurement, (text) => presentable(text, mask), context.note);
    const { screenshot } = measurement;
    return { ...seen, ...(screenshot && seen.outcome !== 'up' && { screenshot }) };
  } catch (error) {
    const reason = error instanceof SecretMissing ? 'secret-missing' : 'probe-error';
    const message = presentable((error as Error).message, maskOf(secrets));
    return { at, outcome: 'unknown', reason, message };
  }
}
