import type { AccountError, DeployedStack } from '../account.ts';
import type { SecretState } from '../secrets.ts';

/** What was found, or why it could not be looked at. */
export type Fact<Found> = { found: Found } | { failure: string };

/** What the doctor looked at. Nothing here is a secret. */
export interface Facts {
  account: { id: string; region: string; caller: string };
  /** Version of what `cdk bootstrap` made in each Region of the config; undefined where it never ran. */
  bootstrap: Record<string, Fact<number | undefined>>;
  secrets: Fact<SecretState[]>;
  stack: Fact<DeployedStack | undefined>;
  /** Absent where no channel mails through SES. */
  mail?: Fact<MailFacts>;
  /** By channel id; a channel without its secret is not among them. */
  slack: Record<string, Fact<SlackAnswer>>;
}

/** There is no account to look at. */
export interface NoAccount {
  noAccount: Pick<AccountError, 'problem' | 'message' | 'next'>;
}

export type IdentityState = 'verified' | 'pending' | 'absent';

export interface MailFacts {
  /** SES takes mail from this account at all. */
  sending: boolean;
  /** SES sends to verified addresses only. */
  sandbox: boolean;
  /** Of every sender and recipient, and of their domains. */
  identities: Record<string, IdentityState>;
  /** Identities that our own stack made. */
  own: string[];
}

/** What a webhook says to a message without any content, which it never posts. */
export interface SlackAnswer {
  status: number;
  body: string;
}
