import type { Severity } from '../../severity.ts';
import type { ActionLink } from '../kind.ts';
import type { Notice } from '../notice.ts';

/** Dark enough for white text on it, which holds in a light and in a dark mailbox. */
const colors: Record<Severity | 'resolved', string> = {
  critical: '#b42318',
  high: '#b54708',
  warning: '#854d0e',
  info: '#1d4ed8',
  resolved: '#15803d',
};

const fonts = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,sans-serif";
const codeFont = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px';

/**
 * A notice as HTML that every mail program shows: one column, styles inline, nothing loaded. Text has the reader's own colours, so it
 * is as readable in the dark.
 */
export function htmlOf(notice: Notice, severity: Severity, actionLinks: readonly ActionLink[] = []): string {
  const { state, badge, title, lead, why, whyLabel, facts, excerpt, links, footer } = notice;
  const color = colors[state === 'resolved' ? state : severity];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">',
    '<meta name="viewport" content="width=device-width,initial-scale=1"></head>',
    `<body style="margin:0;padding:16px;${fonts};font-size:16px;line-height:1.5">`,
    `<div style="max-width:600px;margin:0 auto;border-left:4px solid ${color};padding-left:16px">`,
    `<p style="margin:0 0 8px"><span style="background:${color};color:#ffffff;padding:2px 8px;border-radius:4px;font-size:13px;font-weight:bold">${escapeHtml(badge)}</span></p>`,
    `<h1 style="margin:0 0 8px;font-size:20px;line-height:1.3">${escapeHtml(title)}</h1>`,
    `<p style="margin:0 0 12px">${escapeHtml(lead)}</p>`,
    ...(why.length > 0 ? [`<p style="margin:0 0 4px">${whyLabel}</p>`, listOf(why)] : []),
    ...(actionLinks.length > 0 ? [buttonsOf(actionLinks, color)] : []),
    tableOf(facts),
    ...(excerpt
      ? [
          `<p style="margin:0 0 4px">Answer</p><p style="margin:0 0 12px;${codeFont}">${escapeHtml(excerpt)}</p>`,
        ]
      : []),
    ...(links.length > 0 ? [`<p style="margin:0 0 12px">${links.map(anchor).join(' &middot; ')}</p>`] : []),
    `<p style="margin:0;font-size:12px;opacity:0.7">${escapeHtml(footer)}</p>`,
    '</div></body></html>',
  ].join('\n');
}

/** The first is what to do first. */
const buttonsOf = (actionLinks: readonly ActionLink[], color: string): string =>
  `<p style="margin:0 0 16px">${actionLinks
    .map(({ label, url }, index) => {
      const look = index === 0 ? `background:${color};color:#ffffff` : 'color:inherit';
      return `<a href="${escapeHtml(url)}" style="display:inline-block;margin:0 8px 8px 0;padding:8px 16px;border:1px solid ${color};border-radius:6px;font-weight:bold;text-decoration:none;${look}">${label}</a>`;
    })
    .join('')}</p>`;

const listOf = (lines: string[]): string =>
  `<ul style="margin:0 0 12px;padding-left:20px;${codeFont}">${lines
    .map((line) => `<li>${escapeHtml(line)}</li>`)
    .join('')}</ul>`;

const tableOf = (facts: Notice['facts']): string =>
  `<table role="presentation" style="border-collapse:collapse;margin:0 0 12px;font-size:14px">${facts
    .map(
      ({ label, value }) =>
        `<tr><td style="padding:2px 16px 2px 0;opacity:0.7;vertical-align:top">${escapeHtml(label)}</td><td style="padding:2px 0;word-break:break-word">${escapeHtml(value)}</td></tr>`,
    )
    .join('')}</table>`;

const anchor = ({ label, url }: Notice['links'][number]): string =>
  `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
