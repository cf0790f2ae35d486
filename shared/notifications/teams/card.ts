import type { IncidentEvent } from '../../incidents/incident.ts';
import type { Severity } from '../../severity.ts';
import { markOf } from '../notice/marks.ts';
import { type Notice, noticeOf } from '../notice.ts';
import { cut } from '../text.ts';

/**
 * Bytes of a message that Teams still shows: it says 28 kB, counts after expanding the card, and has dropped one of 24,453 bytes
 * (msteams-docs issue 11274).
 */
export const maxTeamsBytes = 24_000;

/** Characters of each text, from generous to the least that always fits. */
const lengths = [1_000, 300, 120, 50];

/** An Adaptive Card as Workflows posts it. */
export interface TeamsMessage {
  type: 'message';
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive'; contentUrl: null; content: Card }];
}

interface Card {
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  type: 'AdaptiveCard';
  version: '1.4';
  fallbackText: string;
  msteams: { width: 'full' };
  body: Element[];
  actions: { type: 'Action.OpenUrl'; title: string; url: string }[];
}

type Element = RichText | { type: 'Container'; style: Style; bleed: true; items: RichText[] };

type Style = 'attention' | 'warning' | 'good' | 'accent';

/** Its runs are shown as they are: a `TextBlock` would read Markdown and links in them. */
interface RichText {
  type: 'RichTextBlock';
  spacing?: 'Small' | 'Medium';
  inlines: TextRun[];
}

interface TextRun {
  type: 'TextRun';
  text: string;
  size?: 'Small' | 'Large';
  weight?: 'Bolder';
  fontType?: 'Monospace';
  isSubtle?: boolean;
}

const styles: Record<Severity, Style> = {
  critical: 'attention',
  high: 'attention',
  warning: 'warning',
  info: 'accent',
};

/** The card for an event, its texts as long as Teams lets all of it be. Pure. */
export function renderTeams(event: IncidentEvent): TeamsMessage {
  const notice = noticeOf(event);
  const cards = lengths.map((length) => () => cardOf(notice, event.incident.severity, length));
  for (const card of cards) if (bytesOf(card()) <= maxTeamsBytes) return card();
  return cards.at(-1)!();
}

const bytesOf = (message: TeamsMessage) => Buffer.byteLength(JSON.stringify(message));

function cardOf(notice: Notice, severity: Severity, length: number): TeamsMessage {
  const { state, badge, title, lead, why, whyLabel, facts, excerpt, links, footer } = notice;
  const shown = (text: string) => cut(text, length);
  const headline = shown(`${markOf(state, severity)} ${badge}: ${title}`);
  const style = state === 'resolved' ? 'good' : styles[severity];
  const header = richText([{ text: headline, size: 'Large', weight: 'Bolder' }]);
  const content: Card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: headline,
    msteams: { width: 'full' },
    body: [
      { type: 'Container', style, bleed: true, items: [header] },
      richText([{ text: shown(lead) }]),
      ...why.map((line, n) => richText([...(n === 0 ? [bold(whyLabel)] : []), code(shown(line))])),
      ...facts.map(({ label, value }) => richText([bold(label), { text: shown(value) }], 'Small')),
      ...(excerpt ? [richText([bold('Answer'), code(shown(excerpt))])] : []),
      richText([{ text: shown(footer), size: 'Small', isSubtle: true }], 'Medium'),
    ],
    actions: links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

type Run = Omit<TextRun, 'type'>;

const bold = (label: string): Run => ({ text: `${label}: `, weight: 'Bolder' });

const code = (text: string): Run => ({ text, fontType: 'Monospace' });

const richText = (runs: Run[], spacing?: RichText['spacing']): RichText => ({
  type: 'RichTextBlock',
  ...(spacing && { spacing }),
  inlines: runs.map((run) => ({ type: 'TextRun', ...run })),
});
