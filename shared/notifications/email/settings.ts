import * as z from 'zod/mini';
import { secretSetting } from '../provider/secret-setting.ts';

/** ASCII: other letters in an address need a server that takes SMTPUTF8, which SES is not. */
const address = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
const namedAddress = /^([^<>"\p{Cc}]+?) *<([^<>\s]+)>$/u;

/** A sender or recipient: `oncall@example.com` or `On-call <oncall@example.com>`. */
export interface Mailbox {
  name?: string;
  address: string;
}

/** Undefined where the text is no mailbox. */
export function parseMailbox(text: string): Mailbox | undefined {
  const [, name, inBrackets] = namedAddress.exec(text) ?? [];
  const mailbox = inBrackets ?? text;
  if (!address.test(mailbox)) return undefined;
  return name ? { name, address: mailbox } : { address: mailbox };
}

/** A mailbox as text of a setting; `error` is said where it is no text at all. */
const mailboxText = (error: string) =>
  z
    .string({ error })
    .check(
      z.refine(
        (text) => parseMailbox(text) !== undefined,
        'must be an email address: oncall@example.com or On-call <oncall@example.com>',
      ),
    );

const recipients = z
  .array(mailboxText('must be an email address'), { error: 'must be a list: to: ["oncall@example.com"]' })
  .check(z.minLength(1, 'must name at least one recipient: to: ["oncall@example.com"]'));

/** What `email(…)` may be given. */
export const emailSettings = z.strictObject({
  /**
   * The sender. On AWS the stack asks SES to verify the address: one click in the mail that comes. Without it SNS sends plain text,
   * each recipient confirms once, and nothing has to be verified.
   */
  from: mailboxText(
    'is needed: write an address that may send mail, such as from: "tocsin@example.com" (on AWS: verified in SES)',
  ),
  /** Recipients; they see each other. More than 50 are told in several mails, each delivered on its own. */
  to: recipients,
  /** The sender's address or its domain is verified in SES already, so the stack leaves it alone. Default false. */
  verified: z.optional(z.boolean()),
  /** A secret with a connection URL: `smtps://user:password@smtp.example.com`. Default: mail goes out by Amazon SES. */
  smtp: z.optional(secretSetting),
});

/** Kind of a channel that is `email({ to })`: SNS itself mails to each recipient who confirmed, and there is no function for it. */
export const emailSubscription = 'email-subscription';

/** What `email(…)` is given without a sender. */
export const emailSubscriptionSettings = z.strictObject({
  /** Recipients; SNS asks each to confirm, once. */
  to: recipients,
});

export type EmailSubscriptionSettings = z.infer<typeof emailSubscriptionSettings>;
export type EmailSettings = z.infer<typeof emailSettings>;
