import type { IncidentEvent } from '../../incidents/incident.ts';
import type { ActionLink } from '../kind.ts';
import { type Notice, noticeOf } from '../notice.ts';
import { cut, oneLine } from '../text.ts';
import { htmlOf } from './html.ts';
import { type EmailSettings, type Mailbox, parseMailbox } from './settings.ts';

/** Characters of a subject: phones show about 40, and one line of a mail header has room for 998 bytes (RFC 5322, 2.1.1). */
const maxSubject = 150;

const maxName = 60;

export interface EmailMessage {
  from: Mailbox;
  to: Mailbox[];
  /** Not yet encoded for the wire; no line ends in it. */
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/**
 * The mail for an event. All mails of an incident are one conversation: they refer to the same message (which was never sent, as a
 * provider gives each mail an id of its own), and have the same subject but for `Re: `, which is all that Gmail lets differ. So that
 * a recovery can be told from an outage in a list of mails, the sender's name says the state.
 */
export function renderEmail(
  event: IncidentEvent,
  settings: EmailSettings,
  actionLinks: readonly ActionLink[] = [],
): EmailMessage {
  const notice = noticeOf(event);
  const { incident, system } = event;
  const from = mailboxOf(settings.from);
  const root = `<incident-${incident.id.replaceAll(/[^\w.-]/g, '')}@${domainOf(from)}>`;
  const subject = cut(
    `[${incident.severity.toUpperCase()}] ${notice.title} — ${oneLine(system)}`,
    maxSubject,
  );
  return {
    from: {
      name: `${cut(from.name ?? `Tocsin ${oneLine(system)}`, maxName)} (${notice.badge.toLowerCase()})`,
      address: from.address,
    },
    to: settings.to.map(mailboxOf),
    subject: begins(notice, event) ? subject : `Re: ${subject}`,
    text: textOf(notice, actionLinks),
    html: htmlOf(notice, incident.severity, actionLinks),
    headers: {
      References: root,
      'In-Reply-To': root,
      'Auto-Submitted': 'auto-generated',
    },
  };
}

/** Nothing of it was mailed before: it is no news of anything, or none of those who are told now heard of it. */
const begins = ({ state, news }: Notice, { before = {} }: IncidentEvent): boolean =>
  state === 'test' || state === 'digest' || (state === 'firing' && (news === undefined || isNew(before)));

const isNew = (before: Record<string, number>): boolean => {
  const revisions = Object.values(before);
  return revisions.length > 0 && revisions.every((revision) => revision === 0);
};

/** `parseMailbox` for settings, which have been validated. */
function mailboxOf(text: string): Mailbox {
  const mailbox = parseMailbox(text);
  if (!mailbox) throw new Error(`${text} is no email address`);
  return mailbox;
}

const domainOf = ({ address }: Mailbox): string => address.slice(address.lastIndexOf('@') + 1);

function textOf(
  { badge, title, lead, why, whyLabel, facts, excerpt, links, footer }: Notice,
  actionLinks: readonly ActionLink[],
): string {
  const width = Math.max(...facts.map(({ label }) => label.length), 9) + 2;
  const row = (label: string, value: string) => `${`${label}:`.padEnd(width)}${value}`;
  const paragraphs = [
    [`${badge}: ${title}`, lead],
    why.length > 0 ? [`${whyLabel}:`, ...why.map((line) => `- ${line}`)] : [],
    actionLinks.map(({ label, url }) => `${label}: ${url}`),
    facts.map(({ label, value }) => row(label, value)),
    excerpt ? ['Answer:', excerpt] : [],
    links.map(({ label, url }) => row(label, url)),
    ['-- ', footer],
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
