import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { Channel } from '../shared/config/config.ts';
import { type EmailSettings, parseMailbox } from '../shared/notifications/email/settings.ts';

/**
 * Permission to send as the channels' senders through SES, and as nobody else. SES looks at the sender's identity (address or
 * domain) and, while an account is in its sandbox, also at the recipients'. Channels with an SMTP server need none.
 */
export function sendingMail(scope: Construct, channels: Channel[]): PolicyStatement[] {
  return sentBySes(channels).map(({ from, to }) => {
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

/**
 * Asks SES to verify each sender that the config does not call verified: a mail with a link comes to the address. An identity that the
 * account has already would stop the deployment, which is what `verified: true` is for; the doctor says so before.
 */
export function verifySenders(scope: Construct, channels: Channel[]): void {
  const senders = sentBySes(channels)
    .filter(({ verified }) => !verified)
    .map(({ from }) => addressOf(from));
  for (const address of new Set(senders))
    new EmailIdentity(scope, `Sender ${address}`, { identity: Identity.email(address) });
}

const sentBySes = (channels: Channel[]) =>
  channels.map(({ settings }) => settings as EmailSettings).filter(({ smtp }) => !smtp);

const addressOf = (mailbox: string) => parseMailbox(mailbox)?.address ?? mailbox;

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);
