import { emailSubscription } from '../notifications/email-settings.ts';
import type { Channel, Config } from './config.ts';

/** Channels that a function of ours tells. SNS itself tells the others. */
export const notifiedChannels = ({ channels }: Pick<Config, 'channels'>): Channel[] =>
  channels.filter(({ kind }) => kind !== emailSubscription);
