import type { IncidentEvent } from '../../incidents/incident.ts';
import { colorOf, markOf } from '../notice/marks.ts';
import { type Fact, type Link, noticeOf, pageOf } from '../notice.ts';
import { cutMapped } from '../text.ts';
import type { DiscordSettings } from './settings.ts';

/** Characters and counts: https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
export const discordLimits = {
  content: 2_000,
  title: 256,
  description: 4_096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1_024,
  footer: 2_048,
  /** Of all texts of all embeds together. */
  sum: 6_000,
};

/** Characters, after escaping, that we use of the limits, so that all together stay below `sum`. A longer link is left out. */
const kept = { headline: 250, lead: 700, why: 1_600, excerpt: 500, field: 130, footer: 250, links: 700 };

/** Facts shown; the incident's page has the others. */
const maxFacts = 10;

export interface DiscordMessage {
  content?: string;
  embeds?: Embed[];
  allowed_mentions: { parse: []; roles?: string[] };
}

interface Embed {
  title: string;
  url?: string;
  description: string;
  color: number;
  fields: { name: string; value: string; inline: boolean }[];
  footer: { text: string };
  timestamp: string;
}

/** The message for an event, within Discord's limits. Nobody is called by what is in its texts. Pure. */
export function renderDiscord(event: IncidentEvent, { mention }: DiscordSettings): DiscordMessage {
  const notice = noticeOf(event);
  const { state, badge, title, lead, why, whyLabel, facts, excerpt, footer } = notice;
  const { severity } = event.incident;
  const calls = state === 'firing' && mention !== undefined;
  const links = linksWithin(notice.links, kept.links);
  const page = pageOf(notice);
  return {
    ...(calls && { content: `<@&${mention}>` }),
    embeds: [
      {
        title: escaped(`${markOf(state, severity)} ${badge}: ${title}`, kept.headline),
        ...(page && { url: page }),
        description: [
          escaped(lead, kept.lead),
          ...(why.length > 0 ? [`**${whyLabel}**\n${codeBlock(why.join('\n'), kept.why)}`] : []),
          ...(excerpt ? [`**Answer**\n${codeBlock(excerpt, kept.excerpt)}`] : []),
          ...(links.length > 0 ? [links.join(' · ')] : []),
        ].join('\n'),
        color: Number.parseInt(colorOf(state, severity).slice(1), 16),
        fields: facts.slice(0, maxFacts).map(field),
        footer: { text: cutMapped(footer, kept.footer, (character) => character) },
        timestamp: new Date(event.at).toISOString(),
      },
    ],
    allowed_mentions: { parse: [], ...(calls && { roles: [mention] }) },
  };
}

/** The same in one line, for when Discord refuses the layout. */
export function plainDiscord({ content, embeds, allowed_mentions }: DiscordMessage): DiscordMessage {
  const text = [content, embeds?.[0]?.title].filter(Boolean).join(' ');
  return { content: text, allowed_mentions };
}

const field = ({ label, value }: Fact) => ({
  name: label,
  value: code(value),
  inline: value.length < 40,
});

/** Links that fit in all; `)` and blanks would end one. */
function linksWithin(links: Link[], room: number): string[] {
  let left = room;
  return links.flatMap(({ label, url }) => {
    const link = `[${label}](<${url.replaceAll('<', '%3C').replaceAll('>', '%3E')}>)`;
    if (link.length > left) return [];
    left -= link.length + 3;
    return [link];
  });
}

/** Discord's Markdown and mentions begin with these. */
const markup = /[\\*_~`|<>[\]()#@]/;

/** At most `limit` characters with all markup escaped, no escape cut. */
export const escaped = (text: string, limit: number): string =>
  cutMapped(text, limit, (character) => (markup.test(character) ? `\\${character}` : character));

const code = (text: string): string => `\`${cutMapped(withoutBackticks(text), kept.field, itself)}\``;

const codeBlock = (text: string, limit: number): string =>
  `\`\`\`\n${cutMapped(withoutBackticks(text), limit, itself)}\n\`\`\``;

const itself = (character: string) => character;

/** There is no escape for the end of code. */
const withoutBackticks = (text: string): string => text.replaceAll('`', 'ˋ');
