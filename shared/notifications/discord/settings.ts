import * as z from 'zod/mini';
import { secretSetting } from '../provider/secret-setting.ts';

/** What `discord(…)` may be given. */
export const discordSettings = z.strictObject({
  /** The webhook's URL, always a secret. Default `secret('discord-webhook')`. */
  webhook: z._default(secretSetting, { secret: 'discord-webhook' }),
  /** Id of a role that is called by name when something breaks; not when it recovers. Default nobody. */
  mention: z.optional(
    z
      .string()
      .check(
        z.regex(
          /^\d{15,21}$/,
          'must be the id of a role, such as 165511591545143296: Discord shows it under «Copy Role ID»',
        ),
      ),
  ),
});

export type DiscordSettings = z.infer<typeof discordSettings>;
