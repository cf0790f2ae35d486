import * as z from 'zod/mini';
import { secretSetting } from '../provider/secret-setting.ts';

/** Who is called by name when something breaks; not when it recovers. */
export const mention = z
  .string()
  .check(
    z.refine(
      (text) => /^(here|channel|[UW][A-Z0-9]{6,20}|S[A-Z0-9]{6,20})$/.test(text),
      'must be here, channel, or the id of a user (U…) or user group (S…): Slack shows it under «Copy member ID»',
    ),
  );

/** What `slack(…)` may be given. */
export const slackSettings = z.strictObject({
  /** The incoming webhook's URL, always a secret. Default `secret('slack-webhook')`. */
  webhook: z._default(secretSetting, {
    secret: 'slack-webhook',
  }),
  /** `here`, `channel`, or a user's or user group's id. Default nobody. */
  mention: z.optional(mention),
});

export type SlackSettings = z.infer<typeof slackSettings>;
