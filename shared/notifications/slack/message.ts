import type { IncidentEvent } from '../../incidents/incident.ts';
import { colorOf, markOf } from '../notice/marks.ts';
import { type Fact, type Link, type Notice, noticeOf } from '../notice.ts';
import { cutMapped } from '../text.ts';
import { formatTime } from '../time.ts';
import { escaped } from './escape.ts';
import type { SlackSettings } from './settings.ts';

/**
 * Limits in characters, https://docs.slack.dev/reference/block-kit/blocks: a message with one text too long is refused as a whole.
 * `message` is what Slack takes in all of one, found by experiment (bolt-js issue 2509: 13,200).
 */
export const slackLimits = {
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  blocks: 50,
  button: 75,
  message: 13_000,
};

/** Characters, after escaping, that we use of the limits; so all blocks together stay below `message`. A longer link is left out. */
const kept = { text: 1_000, why: 2_000, link: 900 };

/** What is posted to an incoming webhook. `text` is what phones show; the headline is a block, the details have a colour. */
export interface SlackMessage {
  text: string;
  blocks?: Block[];
  attachments?: [{ color: string; blocks: Block[] }];
}

export type Block =
  | { type: 'header'; text: PlainText }
  | { type: 'section'; text: PlainText | Markup }
  | { type: 'section'; fields: Markup[] }
  | { type: 'context'; elements: [PlainText] }
  | { type: 'actions'; elements: Button[] };

/** `action_id` says what a click asks for, `value` of which incident. */
interface Button {
  type: 'button';
  text: PlainText;
  action_id: string;
  value: string;
}

interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: false;
}

/** Slack's `mrkdwn`: only our own words, escaped text in code, and links. */
interface Markup {
  type: 'mrkdwn';
  text: string;
  verbatim: true;
}

type Mentioning = Pick<SlackSettings, 'mention'>;

/** The message for an event: headline, why, since when, what was measured, where to go. Pure, within Slack's limits. */
export function renderSlack(event: IncidentEvent, settings: Mentioning): SlackMessage {
  const notice = noticeOf(event);
  const { state, badge, title, why, lead } = notice;
  const { severity } = event.incident;
  const headline = `${markOf(state, severity)} ${badge}: ${title}`;
  const because = state === 'firing' && why.length > 0 ? ` — ${why.join('; ')}` : '';
  const mention = state === 'firing' ? mentioned(settings) : [];
  return {
    text: [
      phoneText(`${`${headline}${because}`.replace(/\.?$/, '.')} ${lead}`),
      ...mention.map(({ text }) => text.text),
    ].join(' '),
    blocks: [{ type: 'header', text: plain(headline, slackLimits.header) }, ...mention],
    attachments: [{ color: colorOf(state, severity), blocks: details(notice, event) }],
  };
}

/** The same in one line, for when Slack refuses the layout. */
export const plainSlack = ({ text }: SlackMessage): SlackMessage => ({ text });

function details(notice: Notice, { incident }: IncidentEvent): Block[] {
  const { state, news, lead, why, whyLabel, facts, excerpt, links, footer } = notice;
  const reasons = why.length > 0 ? [markup(`*${whyLabel}*\n${codeBlock(why.join('\n'), kept.why)}`)] : [];
  const whatHappened =
    state === 'firing'
      ? [...(news ? [sentence(news)] : []), ...reasons, markup(since(incident))]
      : [sentence(lead), ...reasons];
  const anchors = links.map(anchor).filter((text) => text.length <= kept.link);
  return [
    ...whatHappened,
    { type: 'section', fields: facts.slice(0, slackLimits.fields).map(field) },
    ...(excerpt ? [markup(`*Answer*\n${codeBlock(excerpt, slackLimits.section - 100)}`)] : []),
    ...(anchors.length > 0 ? [markup(anchors.join('  ·  '))] : []),
    { type: 'context', elements: [plain(footer, slackLimits.section)] },
  ];
}

function since({ openedAt, reopenedAt }: IncidentEvent['incident']): string {
  if (reopenedAt === undefined) return `Since ${dated(openedAt)}`;
  return `Since ${dated(reopenedAt)}, and on and off since ${dated(openedAt)}`;
}

/** A time in the reader's own time zone. */
const dated = (epochMs: number): string =>
  `<!date^${Math.floor(epochMs / 1_000)}^{date_short_pretty} {time_secs}|${formatTime(epochMs)}>`;

/** `|` would end the URL and backticks begin code; `URL` leaves both as they are in a query. */
const anchor = ({ label, url }: Link): string => {
  const target = url.replaceAll('|', '%7C').replaceAll('`', '%60');
  return `<${escaped(target, slackLimits.section)}|${label}>`;
};

const field = ({ label, value }: Fact): Markup => ({
  type: 'mrkdwn',
  text: `*${label}*\n${code(value)}`,
  verbatim: true,
});

const markup = (text: string): { type: 'section'; text: Markup } => ({
  type: 'section',
  text: { type: 'mrkdwn', text, verbatim: true },
});

export const sentence = (text: string): { type: 'section'; text: PlainText } => ({
  type: 'section',
  text: plain(text, slackLimits.section),
});

/** Shown as it is: no markup, no mentions, no `:emoji:`. */
const plain = (text: string, limit: number): PlainText => ({
  type: 'plain_text',
  text: cutMapped(text, limit, (character) => character),
  emoji: false,
});

const code = (text: string): string => `\`${escaped(withoutBackticks(text), slackLimits.field - 100)}\``;

const codeBlock = (text: string, limit: number): string =>
  `\`\`\`${escaped(withoutBackticks(text), limit)}\`\`\``;

/** What phones show of a message. */
export const phoneText = (text: string): string => escaped(withoutBackticks(text), kept.text);

/** There is no escape for the end of code. */
const withoutBackticks = (text: string): string => text.replaceAll('`', 'ˋ');

/** A block that calls whom the settings name. */
export const mentioned = ({ mention }: Mentioning) => (mention ? [markup(mentionOf(mention))] : []);

function mentionOf(mention: string): string {
  if (mention === 'here' || mention === 'channel') return `<!${mention}>`;
  return mention.startsWith('S') ? `<!subteam^${mention}>` : `<@${mention}>`;
}
