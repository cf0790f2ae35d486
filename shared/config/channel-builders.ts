import type * as z from 'zod/mini';
import type { discordSettings } from '../notifications/discord/settings.ts';
import type { emailSettings, emailSubscriptionSettings } from '../notifications/email/settings.ts';
import type { eventbridgeSettings } from '../notifications/eventbridge/settings.ts';
import type { ntfySettings } from '../notifications/ntfy/settings.ts';
import type { pagerdutySettings } from '../notifications/pagerduty/settings.ts';
import type { pushoverSettings } from '../notifications/pushover/settings.ts';
import type { remediationSettings } from '../notifications/remediation/settings.ts';
import type { slackSettings } from '../notifications/slack/settings.ts';
import type { slackbotSettings } from '../notifications/slackbot/settings.ts';
import type { snsSettings } from '../notifications/sns/settings.ts';
import type { teamsSettings } from '../notifications/teams/settings.ts';
import type { webhookSettings } from '../notifications/webhook/settings.ts';
import type { channelSchema } from './channels.ts';

/** What channels of all kinds may have. */
type SharedOptions = z.input<typeof channelSchema>;

export type SlackOptions = SharedOptions & (z.input<typeof slackSettings> | z.input<typeof slackbotSettings>);
export type EmailOptions = SharedOptions &
  (z.input<typeof emailSettings> | z.input<typeof emailSubscriptionSettings>);
export type PagerDutyOptions = SharedOptions & z.input<typeof pagerdutySettings>;
export type DiscordOptions = SharedOptions & z.input<typeof discordSettings>;
export type TeamsOptions = SharedOptions & z.input<typeof teamsSettings>;
export type WebhookOptions = SharedOptions & z.input<typeof webhookSettings>;
export type NtfyOptions = SharedOptions & z.input<typeof ntfySettings>;
export type PushoverOptions = SharedOptions & z.input<typeof pushoverSettings>;
export type SnsOptions = SharedOptions & z.input<typeof snsSettings>;
export type EventBridgeOptions = SharedOptions & z.input<typeof eventbridgeSettings>;
export type RemediationOptions = SharedOptions & z.input<typeof remediationSettings>;

/** A channel of a config file, made by the function of its kind. */
export type ChannelInput =
  | ({ kind: 'slack' | 'slackbot' } & SlackOptions)
  | ({ kind: 'email' } & EmailOptions)
  | ({ kind: 'pagerduty' } & PagerDutyOptions)
  | ({ kind: 'discord' } & DiscordOptions)
  | ({ kind: 'teams' } & TeamsOptions)
  | ({ kind: 'webhook' } & WebhookOptions)
  | ({ kind: 'ntfy' } & NtfyOptions)
  | ({ kind: 'pushover' } & PushoverOptions)
  | ({ kind: 'sns' } & SnsOptions)
  | ({ kind: 'eventbridge' } & EventBridgeOptions)
  | ({ kind: 'remediation' } & RemediationOptions);

/**
 * Tells a Slack channel by its incoming webhook, by default the secret `slack-webhook`. With a bot's token an incident is one message,
 * which changes with it: `slack({ token: secret('slack-token'), channel: 'C012AB3CD' })`.
 */
export function slack(options: SlackOptions = {}): ChannelInput {
  const isBot = Object.hasOwn(options, 'token') || Object.hasOwn(options, 'channel');
  return { kind: isBot ? 'slackbot' : 'slack', ...options };
}

/** Tells people by email: by Amazon SES from a sender, by SMTP when `smtp` is given, and by SNS as plain text without a sender. */
export function email(options: EmailOptions): ChannelInput {
  return { kind: 'email', ...options };
}

/**
 * Opens an alert in PagerDuty, which is acknowledged and resolved with the incident; by default with the integration key in the
 * secret `pagerduty-routing-key`.
 */
export function pagerduty(options: PagerDutyOptions = {}): ChannelInput {
  return { kind: 'pagerduty', ...options };
}

/** Tells a Discord channel by its webhook, by default the secret `discord-webhook`. */
export function discord(options: DiscordOptions = {}): ChannelInput {
  return { kind: 'discord', ...options };
}

/** Tells a channel or chat of Microsoft Teams by a Workflows webhook, by default the secret `teams-webhook`. */
export function teams(options: TeamsOptions = {}): ChannelInput {
  return { kind: 'teams', ...options };
}

/** Posts every event of an incident as signed JSON, by default to the URL in the secret `webhook-url`. */
export function webhook(options: WebhookOptions = {}): ChannelInput {
  return { kind: 'webhook', ...options };
}

/** Pushes to phones by ntfy, by default to the topic in the secret `ntfy-topic` of ntfy.sh. What is critical rings on. */
export function ntfy(options: NtfyOptions = {}): ChannelInput {
  return { kind: 'ntfy', ...options };
}

/** Pushes to phones by Pushover. What is critical rings every minute until somebody acknowledges it, there or here. */
export function pushover(options: PushoverOptions = {}): ChannelInput {
  return { kind: 'pushover', ...options };
}

/** Publishes to an SNS topic of yours: `sns({ topic: 'arn:aws:sns:eu-west-1:123456789012:pages' })`. */
export function sns(options: SnsOptions): ChannelInput {
  return { kind: 'sns', ...options };
}

/** Puts events on an EventBridge bus of yours: `eventbridge({ bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/ops' })`. */
export function eventbridge(options: EventBridgeOptions): ChannelInput {
  return { kind: 'eventbridge', ...options };
}

/**
 * Runs a function of yours, or posts to a URL, when an incident begins or is escalated to it; routes and escalations that name it say
 * for which: `remediation({ lambda: 'arn:aws:lambda:eu-west-1:123456789012:function:restart-web' })`.
 */
export function remediation(options: RemediationOptions): ChannelInput {
  return { kind: 'remediation', ...options };
}
