import type { AwsAnswer } from '../../aws/signed-request.ts';
import { classify, reasonOf } from '../delivery/classify.ts';
import type { Answer, Verdict } from '../kind.ts';

/** Refusals that end by themselves: throttling, a service that is unwell, credentials that ran out under way. */
const passing =
  /Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable|Internal(Error|Failure|Exception|Server)|ExpiredToken|RequestExpired/;

/** An answer of AWS as that of any provider. */
export const answerOf = ({ status, body }: AwsAnswer): Answer => ({
  status,
  headers: {},
  body: body.slice(0, 1_000),
});

/** What an answer of AWS means: the error's code says more than its status, which is 400 for most. */
export function classifyAws(answer: Answer, now: number): Verdict {
  const verdict = classify(answer, now);
  if (verdict.result === 'sent') return verdict;
  return passing.test(answer.body) ? { result: 'retry', reason: reasonOf(answer) } : verdict;
}
