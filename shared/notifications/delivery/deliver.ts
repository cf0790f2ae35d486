import type { ReadSecret } from '../../aws/secrets.ts';
import type { IncidentEvent } from '../../incidents/incident.ts';
import { AddressForbidden } from '../errors.ts';
import type { ChannelKind, SendContext, Verdict } from '../kind.ts';
import { cut, oneLine } from '../text.ts';
import { classify } from './classify.ts';
import { redactor } from './redact.ts';

/** Characters of a reason or detail that are kept. */
const maxReason = 300;

export interface DeliverContext extends Omit<SendContext, 'signal'> {
  /** Milliseconds one attempt may take. Default 10 s. */
  timeoutMs?: number;
}

export interface Delivered {
  verdict: Verdict;
  /** What the provider answered, where it did. */
  status?: number;
  /** A secret could not be read or used: our own fault, which nobody else will notice. */
  secretMissing: boolean;
}

/**
 * One attempt to tell a channel about an event. Never throws: whatever happens has a verdict, and no secret that was read for it
 * appears there.
 */
export async function deliver<Settings, Message>(
  kind: ChannelKind<Settings, Message>,
  event: IncidentEvent,
  settings: Settings,
  context: DeliverContext,
): Promise<Delivered> {
  const timeoutMs = kind.patience?.(settings) ?? context.timeoutMs ?? 10_000;
  const signal = AbortSignal.timeout(timeoutMs);
  const secrets = watched(context.readSecret);
  const clean = (verdict: Verdict) => redacted(verdict, redactor(secrets.values));

  // A message without links is better than none; that a secret is missing is told nevertheless.
  const links = await kind
    .actionLinks?.(event, settings, { readSecret: secrets.read, now: context.now })
    .catch(() => []);
  let message: Message;
  try {
    message = kind.render(event, settings, links);
  } catch (error) {
    const reason = `the message could not be made: ${textOf(error)}`;
    return { verdict: clean({ result: 'failed', reason }), secretMissing: false };
  }
  try {
    const answer = await kind.send(message, settings, { ...context, signal, readSecret: secrets.read });
    const verdict = (kind.classify ?? classify)(answer, context.now());
    return { verdict: clean(verdict), status: answer.status, secretMissing: secrets.failed() };
  } catch (error) {
    const forbidden = error instanceof AddressForbidden;
    const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : textOf(error);
    return {
      verdict: clean({ result: forbidden ? 'failed' : 'retry', reason }),
      secretMissing: secrets.failed() || (error instanceof Error && error.name === 'SecretUnusable'),
    };
  }
}

/** Remembers what was read, so that it can be masked. */
function watched(readSecret: ReadSecret) {
  const values = new Set<string>();
  let missed = false;
  return {
    values,
    failed: () => missed,
    read: async (name: string): Promise<string> => {
      try {
        const value = await readSecret(name);
        values.add(value);
        return value;
      } catch (error) {
        missed = true;
        throw error;
      }
    },
  };
}

/** A network error's code (`ECONNRESET`) says it all, and names no address; other errors have a message. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && error.name !== 'AwsError' ? code : error.message;
}

function redacted(verdict: Verdict, redact: (text: string) => string): Verdict {
  const shown = (text: string) => cut(redact(oneLine(text)), maxReason);
  if (verdict.result !== 'sent') return { ...verdict, reason: shown(verdict.reason) };
  return verdict.detail ? { ...verdict, detail: shown(verdict.detail) } : verdict;
}
