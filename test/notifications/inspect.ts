import { expect } from 'vitest';
import type { BusEvent, Publication } from '../../shared/aws/publishing.ts';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { type DiscordMessage, discordLimits } from '../../shared/notifications/discord/message.ts';
import { type NtfyMessage, ntfyLimits } from '../../shared/notifications/ntfy.ts';
import { type PagerDutyEvent, pagerdutyLimits } from '../../shared/notifications/pagerduty/event.ts';
import { type PushoverMessage, pushoverLimits } from '../../shared/notifications/pushover.ts';
import type { RemediationMessage } from '../../shared/notifications/remediation.ts';
import type { SlackbotMessage } from '../../shared/notifications/slackbot/message.ts';
import { maxTeamsBytes, type TeamsMessage } from '../../shared/notifications/teams/card.ts';
import type { WebhookMessage } from '../../shared/notifications/webhook.ts';
import { inspectEmail } from './inspect-email.ts';
import { inspectSlack } from './inspect-slack.ts';

/** Throws where a provider would refuse the message, or where text from outside would do something. */
export const inspect: Record<string, (message: never, event: IncidentEvent) => void> = {
  slack: inspectSlack,
  email: inspectEmail,
  pagerduty: inspectPagerDuty,
  discord: inspectDiscord,
  teams: inspectTeams,
  webhook: inspectWebhook,
  slackbot: inspectSlackbot,
  ntfy: inspectNtfy,
  pushover: inspectPushover,
  sns: inspectSns,
  eventbridge: inspectEventBridge,
  remediation: inspectRemediation,
};

export const charactersOf = (text: string): number => [...text].length;

/** What text from outside may hold after `oneLine`: no control characters, no marks that turn direction, no half letters. */
export function expectClean(text: string): void {
  expect(text).not.toMatch(/[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u);
  expect(text.isWellFormed()).toBe(true);
}

function inspectPagerDuty(event: PagerDutyEvent): void {
  const { payload, dedup_key, links, client_url } = event;
  expect(dedup_key.length).toBeGreaterThan(0);
  expect(charactersOf(dedup_key)).toBeLessThanOrEqual(pagerdutyLimits.dedupKey);
  expect(payload.summary.length).toBeGreaterThan(0);
  expect(charactersOf(payload.summary)).toBeLessThanOrEqual(pagerdutyLimits.summary);
  expect(payload.source.length).toBeGreaterThan(0);
  for (const text of [payload.summary, payload.source, ...Object.values(payload.custom_details)])
    expectClean(text);
  for (const { href } of links) expect(href).toMatch(/^https?:\/\//);
  if (client_url) expect(client_url).toMatch(/^https?:\/\//);
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(512 * 1_024);
}

function inspectDiscord({ content = '', embeds = [], allowed_mentions }: DiscordMessage): void {
  expect(charactersOf(content)).toBeLessThanOrEqual(discordLimits.content);
  expect(content).toMatch(/^(<@&165511591545143296>)?$/);
  expect(allowed_mentions.parse).toEqual([]);
  let sum = 0;
  const within = (text: string, limit: number) => {
    const length = charactersOf(text);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual(limit);
    expectClean(text);
    sum += length;
  };
  for (const { title, description, fields, footer } of embeds) {
    within(title, discordLimits.title);
    within(description, discordLimits.description);
    within(footer.text, discordLimits.footer);
    expect(fields.length).toBeLessThanOrEqual(discordLimits.fields);
    for (const { name, value } of fields) {
      within(name, discordLimits.fieldName);
      within(value, discordLimits.fieldValue);
      expect(value).toMatch(/^`[^`]+`$/);
    }
    expectPlainDiscord(title);
    expectPlainDiscord(description);
  }
  expect(sum).toBeLessThanOrEqual(discordLimits.sum);
}

/** Nothing is left that Discord acts on but our own bold labels, code and links. */
function expectPlainDiscord(markdown: string): void {
  const ours =
    /\*\*(Why|What was wrong|The worst|Answer)\*\*\n```\n[^`]*\n```|\[(Runbook|Incidents?|Dashboard)\]\(<https?:[^<>\s]+>\)/g;
  const rest = markdown.replaceAll(ours, '').replaceAll(/\\[\\*_~`|<>[\]()#@]/g, '');
  expect(rest).not.toMatch(/[\\*_~`|<>[\]()#@]/);
}

function inspectTeams(message: TeamsMessage): void {
  expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(maxTeamsBytes);
  const { body, actions, version } = message.attachments[0].content;
  expect(version).toBe('1.4');
  const texts = body.flatMap((element) => (element.type === 'Container' ? element.items : [element]));
  for (const { type, inlines } of texts) {
    expect(type).toBe('RichTextBlock');
    for (const { text } of inlines) {
      expect(text.length).toBeGreaterThan(0);
      expectClean(text);
    }
  }
  for (const { url } of actions) expect(url).toMatch(/^https?:\/\//);
}

function inspectWebhook({ id, type, body }: WebhookMessage, event: IncidentEvent): void {
  expect({ id, type }).toEqual({ id: event.id, type: event.type });
  expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(event)));
}

function inspectSlackbot({ whole, reply }: SlackbotMessage): void {
  inspectSlack(whole);
  inspectSlack(reply);
  const buttons = (whole.attachments ?? []).flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])),
  );
  for (const { value } of buttons) expect(value.length).toBeLessThanOrEqual(2_000);
}

function inspectNtfy({ title, message, priority, click, actions }: NtfyMessage): void {
  expect(charactersOf(title)).toBeLessThanOrEqual(ntfyLimits.title);
  expect(title).not.toContain('\n');
  expect(message.length).toBeGreaterThan(0);
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(ntfyLimits.messageBytes);
  expect(actions.length).toBeLessThanOrEqual(ntfyLimits.actions);
  for (const url of [...actions.map(({ url }) => url), ...(click ? [click] : [])])
    expect(url).toMatch(/^https?:\/\//);
  for (const text of [title, message]) expectClean(text);
  expect([2, 3, 4, 5]).toContain(priority);
}

function inspectPushover({ title, message, priority, url, ...more }: PushoverMessage): void {
  expect(title.length).toBeGreaterThan(0);
  expect(charactersOf(title)).toBeLessThanOrEqual(pushoverLimits.title);
  expect(message.length).toBeGreaterThan(0);
  expect(charactersOf(message)).toBeLessThanOrEqual(pushoverLimits.message);
  if (url) expect(url.length).toBeLessThanOrEqual(pushoverLimits.url);
  for (const text of [title, message]) expectClean(text);
  const rings = priority === '2';
  expect({ retry: more.retry, expire: more.expire }).toEqual(
    rings ? { retry: '60', expire: '3600' } : { retry: undefined, expire: undefined },
  );
}

/** Bytes of one publication or entry, with all around it. */
const awsLimit = 256 * 1_024;

function inspectSns({ Subject, Message, ...more }: Publication): void {
  expect(Subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  expect(Buffer.byteLength(Message)).toBeLessThan(awsLimit);
  const { default: program, email, sms } = JSON.parse(Message);
  expect(JSON.parse(program)).toHaveProperty('incident');
  expect(email.length).toBeGreaterThan(0);
  expect(sms).toMatch(/^[\x20-\x7e]{1,140}$/);
  for (const id of [more.MessageGroupId, more.MessageDeduplicationId])
    if (id !== undefined) expect(id).toMatch(/^[\x21-\x7e]{1,128}$/);
}

function inspectEventBridge({ Source, DetailType, Detail }: BusEvent, { type }: IncidentEvent): void {
  expect({ Source, DetailType }).toEqual({ Source: 'tocsin', DetailType: `Incident ${type}` });
  expect(Buffer.byteLength(Detail)).toBeLessThan(awsLimit - 1_024);
  expect(JSON.parse(Detail)).toMatchObject({ version: 1, type });
}

function inspectRemediation({ id, body }: RemediationMessage, event: IncidentEvent): void {
  expect(id).toBe(event.id);
  expect(Buffer.byteLength(body)).toBeLessThan(awsLimit);
  expect(JSON.parse(body)).toMatchObject({ version: 1, type: event.type });
}
