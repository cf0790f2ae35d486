import * as z from 'zod/mini';
import { secretSetting } from './secret-setting.ts';
import { mention } from './slack-settings.ts';

const channelId =
  'must be the id of a channel, such as C012AB3CD: Slack shows it at the end of «View channel details»';

/** What `slack(…)` may be given with a token in place of a webhook. */
export const slackbotSettings = z.strictObject({
  /** The app's bot token (`xoxb-…`), always a secret. */
  token: secretSetting,
  /** Id of the channel, which the app must have joined: `C012AB3CD`. */
  channel: z.string(channelId).check(z.regex(/^[CGD][A-Z0-9]{6,20}$/, channelId)),
  /** `here`, `channel`, or a user's or user group's id. Default nobody. */
  mention: z.optional(mention),
  /** The app's signing secret. With it messages have buttons, whose clicks Slack brings back signed. Default no buttons. */
  signingSecret: z.optional(secretSetting),
  /**
   * Who may use the buttons: `channel` is whoever is in the channel, but not guests of another workspace; `people` those of the config's
   * `people` whose `slack` it knows. Default `channel`.
   */
  buttonsFor: z.optional(
    z.enum(['channel', 'people'], "must be 'channel' or 'people': write buttonsFor: 'people'"),
  ),
});

export type SlackbotSettings = z.infer<typeof slackbotSettings>;
