import type { Config } from '../../config/config.ts';
import type { SlackbotSettings } from './settings.ts';

/** A channel whose messages have buttons. */
export type Buttoned = SlackbotSettings & { id: string; signingSecret: { secret: string } };

/** Channels of a config whose messages have buttons. */
export const buttonedChannels = ({ channels }: Pick<Config, 'channels'>): Buttoned[] =>
  channels.flatMap(({ id, kind, settings }) => {
    const { signingSecret, ...rest } = settings as SlackbotSettings;
    return kind === 'slackbot' && signingSecret ? [{ ...rest, id, signingSecret }] : [];
  });
