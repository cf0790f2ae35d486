import type { Answer, Verdict } from '../kind.ts';

/** Statuses after which the same request may well succeed: timeout, too early, too many. */
const retryable = new Set([408, 425, 429]);

/** What an HTTP answer means where the provider has no rules of its own. */
export function classify(answer: Answer, now: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { result: 'sent' };
  const reason = reasonOf(answer);
  if (status < 500 && !retryable.has(status)) return { result: 'failed', reason };
  const afterMs = retryAfter(answer, now);
  return { result: 'retry', reason, ...(afterMs !== undefined && { afterMs }) };
}

/** `answered 404 no_service` */
export const reasonOf = ({ status, body }: Answer): string => `answered ${status} ${body}`.trim();

/**
 * Milliseconds the provider asks us to stay away: `Retry-After` as seconds (whole or not) or as a date, else `retry_after`
 * in a JSON body. Undefined where it asks for nothing that we can read, or for a time that is over.
 */
export function retryAfter(answer: Answer, now: number): number | undefined {
  const header = answer.headers['retry-after']?.trim();
  const ms = httpDate.test(header ?? '')
    ? Date.parse(header ?? '') - now
    : secondsIn(header, answer.body) * 1_000;
  return ms > 0 && Number.isFinite(ms) ? Math.ceil(ms) : undefined;
}

/** `Fri, 20 Nov 2026 03:12:05 GMT` and its two obsolete forms (RFC 9110, 5.6.7) begin with the day's name. */
const httpDate = /^[A-Z][a-z]{2,8},? /;

function secondsIn(header: string | undefined, body: string): number {
  if (header) return Number(header);
  try {
    return Number(JSON.parse(body)?.retry_after);
  } catch {
    return Number.NaN;
  }
}
