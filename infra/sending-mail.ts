import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Channel } from '../shared/config/config.ts';
import { type EmailSettings, parseMailbox } from '../shared/notifications/email-settings.ts';

/**
 * Permission to send as the channels' senders through SES, and as nobody else. SES looks at the sender's identity (address or
 * domain) and, while an account is in its sandbox, also at the recipients'. Channels with an SMTP server need none.
 */
export function sendingMail(scope: Construct, channels: Channel[]): PolicyStatement[] {
  return channels
    .map(({ settings }) => settings as EmailSettings)
    .filter(({ smtp }) => !smtp)
    .map(({ from, to }) => {
      const identities = [from, ...to].map(addressOf).flatMap((address) => [address, domainOf(address)]);
      return new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [...new Set(identities)].map((identity) =>
          Stack.of(scope).formatArn({ service: 'ses', resource: 'identity', resourceName: identity }),
        ),
        conditions: { StringEquals: { 'ses:FromAddress': addressOf(from) } },
      });
    });
}

const addressOf = (mailbox: string) => parseMailbox(mailbox)?.address ?? mailbox;

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);
