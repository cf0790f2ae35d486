import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Config } from '../shared/config/config.ts';
import type { NotificationReason } from '../shared/incidents/incident.ts';
import {
  type EmailSubscriptionSettings,
  emailSubscription,
  parseMailbox,
} from '../shared/notifications/email/settings.ts';
import { severities } from '../shared/severity.ts';

const oneOf = (allowlist: readonly string[]) =>
  SubscriptionFilter.stringFilter({ allowlist: [...allowlist] });

/** What people are told: that it broke and that it is over. Acknowledgements and comments are for programs. */
const notices = oneOf(['firing', 'resolved']);

/** What is news to everybody. Reminders, escalations and stand-ins are for the channels of an incident, where people answer. */
const news: NotificationReason[] = [
  'first',
  'new-alerts',
  'alerts-resolved',
  'severity-raised',
  'reopened',
  'mute-ended',
  'flapping',
  'resolved',
  'test',
];

/**
 * Lets SNS itself tell people and programs, with no function of ours: the config's `subscribers`, of every incident severe
 * enough, and the recipients of `email({ to })`, of what is routed to their channel. Mailboxes and endpoints must confirm.
 */
export function subscribe(events: ITopic, { subscribers, channels }: Config): void {
  const { email, sms, https, minSeverity } = subscribers;
  const severe = severities.slice(severities.indexOf(minSeverity));
  const filterPolicy = { type: notices, severity: oneOf(severe) };
  const forPeople = { ...filterPolicy, reason: oneOf(news) };
  for (const address of email)
    events.addSubscription(new EmailSubscription(address, { filterPolicy: forPeople }));
  for (const number of sms) events.addSubscription(new SmsSubscription(number, { filterPolicy: forPeople }));
  for (const url of https) events.addSubscription(new UrlSubscription(url, { filterPolicy }));
  for (const [address, receivers] of channelsByAddress(channels))
    events.addSubscription(
      new EmailSubscription(address, { filterPolicy: { type: notices, receivers: oneOf(receivers) } }),
    );
}

/** An address has one subscription, however many channels it is in. */
function channelsByAddress(channels: Config['channels']): Map<string, string[]> {
  const addressed = channels
    .filter(({ kind }) => kind === emailSubscription)
    .flatMap(({ id, settings }) =>
      (settings as EmailSubscriptionSettings).to.map((to) => ({
        id,
        address: parseMailbox(to)?.address ?? to,
      })),
    );
  const ids = (group: typeof addressed) => [...new Set(group.map(({ id }) => id))];
  const groups = Map.groupBy(addressed, ({ address }) => address);
  return new Map([...groups].map(([address, group]) => [address, ids(group)]));
}
