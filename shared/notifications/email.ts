import { maxRecipients, sendEmail } from '../aws/ses.ts';
import { classify, reasonOf } from './classify.ts';
import { type EmailMessage, renderEmail } from './email-message.ts';
import { type EmailSettings, emailSettings } from './email-settings.ts';
import type { Answer, ChannelKind, Verdict } from './kind.ts';
import { headerMailbox } from './mail-header.ts';
import { sendBySmtp } from './smtp.ts';

/** Mail, by Amazon SES or by any SMTP server. */
export const email: ChannelKind<EmailSettings, EmailMessage> = {
  kind: 'email',
  settings: emailSettings,
  secrets: ({ smtp }) => (smtp ? [smtp.secret] : []),
  parts: (settings) =>
    Array.from({ length: Math.ceil(settings.to.length / maxRecipients) }, (_, part) => ({
      ...settings,
      to: settings.to.slice(part * maxRecipients, (part + 1) * maxRecipients),
    })),
  render: renderEmail,
  async send(message, { smtp }, context) {
    if (smtp) return sendBySmtp(message, smtp.secret, context);
    const { status, headers, body } = await sendEmail(context.aws, {
      ...message,
      from: headerMailbox(message.from),
      to: message.to.map(headerMailbox),
    });
    const errorType = headers['x-amzn-errortype'];
    return {
      status,
      headers: errorType ? { 'x-amzn-errortype': String(errorType) } : {},
      body: body.slice(0, 1_000),
    };
  },
  classify: (answer, now) => (answer.protocol === 'smtp' ? classifySmtp(answer) : classifySes(answer, now)),
};

/** Reply codes: 2yz accepted, 4yz not now, 5yz never (RFC 5321, 4.2.1). */
function classifySmtp(answer: Answer): Verdict {
  if (answer.status < 300) return { result: 'sent', ...(answer.body && { detail: answer.body }) };
  return { result: answer.status < 500 ? 'retry' : 'failed', reason: reasonOf(answer) };
}

/**
 * Refusals of SES that end by themselves or by an operator's hand: throttling, the daily quota, sending paused, and credentials that
 * ran out under way. (Others, such as MessageRejected, MailFromDomainNotVerifiedException and AccountSuspendedException, do not.)
 */
const sesRetryable =
  /^(TooManyRequestsException|Throttling|ThrottlingException|LimitExceededException|SendingPausedException|ExpiredToken(Exception)?|RequestExpired)\b/;

function classifySes(answer: Answer, now: number): Verdict {
  const verdict = classify(answer, now);
  const code = sesCode(answer);
  const reason = [reasonOf({ ...answer, body: code ?? '' }), sesMessage(answer)].filter(Boolean).join(': ');
  if (verdict.result === 'sent') return verdict;
  if (code && sesRetryable.test(code)) return { result: 'retry', reason };
  return { ...verdict, reason };
}

const sesCode = (answer: Answer): string | undefined =>
  answer.headers['x-amzn-errortype'] ?? bodyOf(answer).__type;

const sesMessage = (answer: Answer): string | undefined => bodyOf(answer).message ?? bodyOf(answer).Message;

function bodyOf({ body }: Answer): { __type?: string; message?: string; Message?: string } {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return { message: body };
  }
}
