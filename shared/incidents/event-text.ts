import { formatDuration } from '../duration.ts';
import { noticeOf, pageOf } from '../notifications/notice.ts';
import { oneLine } from '../notifications/text.ts';
import type { IncidentEvent } from './incident.ts';

/** Characters of a subject that SNS takes (API reference of `Publish`); only ASCII. */
export const subjectLimit = 100;

/** Characters of one SMS, with room for what SNS and carriers put in front. */
export const smsLimit = 140;

/** Characters of an SMS below which a link is left out rather than what broke. */
const smsLeast = 60;

/** Subject of the mail that SNS sends to a subscriber. */
export function subjectText(event: IncidentEvent): string {
  const { badge, title } = noticeOf(event);
  return ascii(`[${badge}] ${title} (${event.system})`, subjectLimit);
}

/** One short message: what, since when or for how long, where to look. The link is whole or left out. */
export function smsText(event: IncidentEvent): string {
  const notice = noticeOf(event);
  const { badge, title } = notice;
  const end = ` ${whenText(event)}`;
  const page = pageOf(notice);
  const link = page ? ` ${page}` : '';
  const text = (room: number) => ascii(`${badge} ${title}`, room - end.length) + end;
  const besideLink = smsLimit - link.length;
  return besideLink >= smsLeast ? text(besideLink) + link : text(smsLimit);
}

function whenText({ type, at, incident, digest }: IncidentEvent): string {
  if (digest) return `at ${new Date(at).toISOString().slice(11, 16)} UTC`;
  if (type === 'firing')
    return `since ${new Date(incident.reopenedAt ?? incident.openedAt).toISOString().slice(11, 16)} UTC`;
  return `after ${formatDuration((incident.resolvedAt ?? at) - incident.openedAt)}`;
}

/** The mail that SNS sends to a subscriber: plain text for a person at 3 a.m. */
export function emailText(event: IncidentEvent): string {
  const { badge, title, lead, why, whyLabel, facts, excerpt, links, footer } = noticeOf(event);
  const paragraphs = [
    [`${badge}: ${title}`, lead],
    why.length > 0 ? [`${whyLabel}:`, ...why.map((line) => `  ${line}`)] : [],
    excerpt ? ['The answer began with:', `  ${excerpt}`] : [],
    facts.map(({ label, value }) => `${label}: ${value}`),
    links.map(({ label, url }) => `${label}: ${url}`),
    [footer],
  ];
  return paragraphs
    .filter((paragraph) => paragraph.length > 0)
    .map((paragraph) => paragraph.join('\n'))
    .join('\n\n');
}

/** One line of ASCII: accents are taken off their letters, anything else becomes a question mark. Cut to `limit`. */
function ascii(text: string, limit: number): string {
  const line = oneLine(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '?');
  return line.length <= limit ? line : `${line.slice(0, limit - 3)}...`;
}
