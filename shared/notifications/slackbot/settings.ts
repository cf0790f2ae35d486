import * as z from 'zod/mini';
import { severities } from '../../severity.ts';
import { secretSetting } from '../provider/secret-setting.ts';
import { mention } from '../slack/settings.ts';

const channelId =
  'must be the id of a channel, such as C012AB3CD: Slack shows it at the end of «View channel details»';

const memberId = 'must be a Slack member id: Slack shows it under «Copy member ID»';

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
  /** Gives severe incidents a channel of their own, archived at their end. Needs the scope `channels:manage`. Default none. */
  incidentChannel: z.optional(
    z.strictObject(
      {
        /** From which severity on. Default critical. */
        from: z._default(z.enum(severities), 'critical'),
        /** Member ids of those who are brought there: `['U012AB3CD']`. Default nobody. */
        invite: z._default(z.array(z.string(memberId).check(z.regex(/^[UW][A-Z0-9]{6,20}$/, memberId))), []),
      },
      "must say who is brought there: write incidentChannel: { invite: ['U012AB3CD'] }",
    ),
  ),
});

export type SlackbotSettings = z.infer<typeof slackbotSettings>;
