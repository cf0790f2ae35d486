import { discord } from './discord.ts';
import { email } from './email.ts';
import { eventbridge } from './eventbridge.ts';
import type { ChannelKind } from './kind.ts';
import { ntfy } from './ntfy.ts';
import { pagerduty } from './pagerduty.ts';
import { pushover } from './pushover.ts';
import { remediation } from './remediation.ts';
import { slack } from './slack.ts';
import { slackbot } from './slackbot.ts';
import { sns } from './sns.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

/** Every kind of channel. Adding one costs its file and a line here; the contract test covers it from then on. */
export const channelKinds = {
  slack,
  slackbot,
  email,
  pagerduty,
  discord,
  teams,
  webhook,
  ntfy,
  pushover,
  sns,
  eventbridge,
  remediation,
} satisfies Record<string, ChannelKind<unknown, unknown>>;
