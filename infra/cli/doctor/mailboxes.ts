import type { Channel, Config } from '../../../shared/config/config.ts';
import { type EmailSettings, parseMailbox } from '../../../shared/notifications/email/settings.ts';

/** Channels whose mail goes out by SES. */
export const sesChannels = ({ channels }: Config): Channel<EmailSettings>[] =>
  channels.filter(
    (channel): channel is Channel<EmailSettings> =>
      channel.kind === 'email' && !(channel.settings as EmailSettings).smtp,
  );

/** Senders and recipients of mail by SES, without their names, each once. */
export const mailboxes = (config: Config): string[] => [
  ...new Set(sesChannels(config).flatMap(({ settings: { from, to } }) => [from, ...to].map(addressOf))),
];

export const addressOf = (mailbox: string) => parseMailbox(mailbox)?.address ?? mailbox;

export const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);
