import type { Config } from '../../../shared/config/config.ts';
import {
  type EmailSubscriptionSettings,
  emailSubscription,
} from '../../../shared/notifications/email/settings.ts';
import type { Facts } from '../doctor/facts.ts';
import { addressOf, sesChannels } from '../doctor/mailboxes.ts';

/** What a person does after a deployment, line by line. Pure. */
export function whatNext(config: Config, { mail }: Facts, url: string): string[] {
  const identities = mail && 'found' in mail ? mail.found.identities : {};
  const senders = sesChannels(config)
    .filter(({ settings }) => !settings.verified)
    .map(({ settings }) => addressOf(settings.from))
    .filter((address) => identities[address] !== 'verified');
  const mailboxes = new Set([
    ...config.selfContact.email,
    ...config.subscribers.email,
    ...config.channels
      .filter(({ kind }) => kind === emailSubscription)
      .flatMap(({ settings }) => (settings as EmailSubscriptionSettings).to.map(addressOf)),
  ]);
  return [
    `console   ${url}`,
    'sign in   npm run tocsin -- login',
    ...[...new Set(senders)].map((address) => `verify    open the link that SES mailed to ${address}`),
    ...[...mailboxes].map(
      (address) => `confirm   open the link that AWS Notifications mailed to ${address}, once`,
    ),
    ...config.subscribers.https.map((endpoint) => `confirm   ${endpoint} must answer SNS's SubscribeURL`),
    'test      npm run tocsin -- test-alert',
  ];
}
