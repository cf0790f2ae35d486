import { expect } from 'vitest';
import type { EmailMessage } from '../../shared/notifications/email/message.ts';

/** Throws where a mail server would refuse the mail, or a mail program do what a text says. */
export function inspectEmail({ subject, text, html, headers, from, to }: EmailMessage): void {
  expect([...subject].length).toBeLessThanOrEqual(160);
  for (const value of [
    subject,
    from.name ?? '',
    ...to.map(({ name }) => name ?? ''),
    ...Object.values(headers),
  ])
    expect(value).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  expect(headers.References).toMatch(/^<incident-[\w.-]*@example\.com>$/);
  expect(headers['In-Reply-To']).toBe(headers.References);
  expect(headers['Auto-Submitted']).toBe('auto-generated');
  for (const value of Object.values(headers)) expect(value.length).toBeLessThanOrEqual(870);
  expect(text.split('\n').every((line) => line.length < 6_000)).toBe(true);
  expect(html).not.toMatch(/<(script|img|link|iframe)/i);
  const tags = html.replaceAll(
    /<\/?(!doctype|html|head|meta|body|div|p|span|h1|ul|li|table|tr|td|a)\b[^<>]*>/g,
    '',
  );
  expect(tags).not.toMatch(/[<>]/);
  expect(html.length).toBeLessThan(102_000); // Gmail hides what comes after 102 kB
}
