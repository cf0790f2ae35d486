import { emailSubscription } from '../notifications/email/settings.ts';
import { channelKinds } from '../notifications/index.ts';
import type { ChannelKind } from '../notifications/kind.ts';
import type { Channel, Config } from './config.ts';

/** Channels that a function of ours tells. SNS itself tells the others. */
export const notifiedChannels = ({ channels }: Pick<Config, 'channels'>): Channel[] =>
  channels.filter(({ kind }) => kind !== emailSubscription);

/** Names of the secrets that are read to tell a channel. */
export function secretsOf({ kind, settings }: Channel): string[] {
  const kinds: Record<string, ChannelKind<unknown, unknown>> = channelKinds;
  return Object.hasOwn(kinds, kind) ? kinds[kind]!.secrets(settings) : [];
}
