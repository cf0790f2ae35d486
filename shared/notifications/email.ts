import { maxRecipients, sendEmail } from '../aws/ses.ts';
import { classify, reasonOf } from './delivery/classify.ts';
import { headerMailbox } from './email/header.ts';
import { linkMs, type MailLink, mailKey, mailPath, mailToken } from './email/link.ts';
import { type EmailMessage, renderEmail } from './email/message.ts';
import { type EmailSettings, emailSettings, parseMailbox } from './email/settings.ts';
import { sendBySmtp } from './email/smtp.ts';
import type { ActionLink, Answer, ChannelKind, Verdict } from './kind.ts';

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
  async actionLinks(event, { to }, { readSecret, now }) {
    const { incident, links } = event;
    if (event.type !== 'firing' || !links.incident) return [];
    const key = await readSecret(mailKey);
    const link = (label: ActionLink['label'], action: MailLink['action']): ActionLink => {
      const url = new URL(mailPath, links.incident);
      const { id, reopened = 0 } = incident;
      const asked = { incident: id, action, reopened, to: recipientsText(to), until: now() + linkMs };
      url.searchParams.set('token', mailToken(key, asked));
      return { label, url: url.href };
    };
    return [
      ...(incident.status === 'triggered' ? [link('Acknowledge', 'acknowledge')] : []),
      link('Resolve', 'resolve'),
    ];
  },
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

/** `ana@example.com`, `ana@example.com and 2 more` */
function recipientsText([first = '', ...others]: string[]): string {
  const address = parseMailbox(first)?.address ?? first;
  return others.length > 0 ? `${address} and ${others.length} more` : address;
}

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
