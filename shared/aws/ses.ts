import type { Aws } from './environment.ts';
import { type AwsAnswer, signedPost } from './signed-request.ts';

/** Recipients SES takes in one mail. */
export const maxRecipients = 50;

export interface Email {
  /** Mailboxes as they stand in a header, ASCII. */
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/**
 * Sends a mail by SES (API v2, `SendEmail`), trying once: what SES refuses is returned, not thrown; throws where there is no answer.
 * SES gives the mail a Message-ID of its own and encodes the subject.
 */
export function sendEmail(aws: Aws, email: Email): Promise<AwsAnswer> {
  const utf8 = (data: string) => ({ Data: data, Charset: 'UTF-8' });
  const input = {
    FromEmailAddress: email.from,
    Destination: { ToAddresses: email.to },
    Content: {
      Simple: {
        Subject: utf8(email.subject),
        Body: { Text: utf8(email.text), Html: utf8(email.html) },
        Headers: Object.entries(email.headers).map(([Name, Value]) => ({ Name, Value })),
      },
    },
  };
  return signedPost(aws, {
    service: 'email',
    path: '/v2/email/outbound-emails',
    headers: {},
    body: JSON.stringify(input),
    attempts: 1,
  });
}
