import { describe, expect, test } from 'vitest';
import { email } from '../../shared/notifications/email.ts';
import type { Answer } from '../../shared/notifications/kind.ts';
import { slack } from '../../shared/notifications/slack.ts';

const now = Date.UTC(2026, 10, 20, 3, 12, 5);
const answer = (status: number, body = '', headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  headers,
});

describe('84 Slack answers', () => {
  test.each([
    [200, 'ok', 'sent'],
    [200, 'ok\n', 'sent'],
    [200, '{"ok":false,"error":"invalid_auth"}', 'failed'],
    [200, 'no_text', 'failed'],
    [202, 'ok', 'failed'],
    [204, '', 'failed'],
    [301, '', 'failed'],
    [400, 'invalid_payload', 'failed'],
    [401, '', 'failed'],
    [403, 'invalid_token', 'failed'],
    [404, 'no_service', 'failed'],
    [408, '', 'retry'],
    [410, 'channel_is_archived', 'failed'],
    [413, '', 'failed'],
    [425, '', 'retry'],
    [429, 'rate_limited', 'retry'],
    [500, 'rollup_error', 'retry'],
    [503, '', 'retry'],
  ] as const)('%i %j: %s', (status, body, result) => {
    const verdict = slack.classify!(answer(status, body), now);

    expect(verdict.result).toBe(result);
    if (verdict.result !== 'sent') expect(verdict.reason).toBe(`answered ${status} ${body}`.trim());
  });

  test.each([
    ['whole seconds', '30', 30_000],
    ['a float', '1.5', 1_500],
    ['one hour', '3600', 3_600_000],
    ['a date', 'Fri, 20 Nov 2026 03:13:05 GMT', 60_000],
    ['a date that is over', 'Fri, 20 Nov 2026 03:00:00 GMT', undefined],
    ['0', '0', undefined],
    ['a negative number', '-5', undefined],
    ['words', 'soon 1', undefined],
    ['nothing', '', undefined],
  ])('429 with Retry-After: %s', (_, value, afterMs) => {
    const verdict = slack.classify!(answer(429, '', { 'retry-after': value }), now);

    expect(verdict).toEqual({ result: 'retry', reason: 'answered 429', ...(afterMs && { afterMs }) });
  });

  test('429 without Retry-After, and with the delay in its JSON', () => {
    expect(slack.classify!(answer(429), now)).not.toHaveProperty('afterMs');
    expect(slack.classify!(answer(429, '{"retry_after":2.5}'), now)).toHaveProperty('afterMs', 2_500);
  });
});

describe('93 SES answers', () => {
  const refusal = (code: string, message: string) => JSON.stringify({ __type: code, message });

  test.each([
    [200, '{"MessageId":"0100"}', 'sent'],
    [400, refusal('MessageRejected', 'Email address is not verified.'), 'failed'],
    [400, refusal('MailFromDomainNotVerifiedException', ''), 'failed'],
    [400, refusal('AccountSuspendedException', ''), 'failed'],
    [400, refusal('SendingPausedException', ''), 'retry'],
    [400, refusal('LimitExceededException', 'Daily message quota exceeded.'), 'retry'],
    [400, refusal('ThrottlingException', ''), 'retry'],
    [429, refusal('TooManyRequestsException', 'Maximum sending rate exceeded.'), 'retry'],
    [400, refusal('BadRequestException', ''), 'failed'],
    [404, refusal('NotFoundException', ''), 'failed'],
    [403, refusal('AccessDeniedException', 'not authorized to perform ses:SendEmail'), 'failed'],
    [403, refusal('ExpiredTokenException', ''), 'retry'],
    [500, '', 'retry'],
    [503, 'no JSON', 'retry'],
  ] as const)('%i %s: %s', (status, body, result) => {
    expect(email.classify!(answer(status, body), now).result).toBe(result);
  });

  test('a refusal is named in a header too, and its reason is one for people', () => {
    const refused = answer(400, '{"message":"Email address is not verified."}', {
      'x-amzn-errortype': 'MessageRejected',
    });

    expect(email.classify!(refused, now)).toEqual({
      result: 'failed',
      reason: 'answered 400 MessageRejected: Email address is not verified.',
    });
  });
});

describe('an SMTP server answers', () => {
  test.each([
    [250, '', 'sent'],
    [421, '4.7.0 too many connections', 'retry'],
    [451, '', 'retry'],
    [535, '5.7.8 bad credentials', 'failed'],
    [550, '5.1.1 no such user', 'failed'],
  ] as const)('%i %s: %s', (status, body, result) => {
    expect(email.classify!({ ...answer(status, body), protocol: 'smtp' }, now).result).toBe(result);
  });
});
