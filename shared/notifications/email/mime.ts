import { encodedWords, headerMailbox } from './header.ts';
import type { EmailMessage } from './message.ts';

/**
 * A mail as it goes over the wire: text and HTML as alternatives, all of it ASCII in short lines (RFC 5322, RFC 2046).
 * @param id what is left of the `@` in its Message-ID, and parts its alternatives: unique, letters, digits and dashes
 */
export function mimeOf(message: EmailMessage, id: string, now: number): string {
  const { from, to, subject, text, html, headers } = message;
  const boundary = `tocsin-${id}`;
  const head = {
    From: headerMailbox(from),
    To: to.map(headerMailbox).join(',\r\n '),
    Subject: /^[\x20-\x7e]{0,900}$/.test(subject) ? subject : encodedWords(subject),
    Date: new Date(now).toUTCString().replace('GMT', '+0000'),
    'Message-ID': `<${id}@${from.address.split('@').at(-1)}>`,
    ...headers,
    'MIME-Version': '1.0',
    'Content-Type': `multipart/alternative; boundary="${boundary}"`,
  };
  return [
    ...Object.entries(head).map(([name, value]) => `${name}: ${value}`),
    '',
    ...part(boundary, 'text/plain', text),
    ...part(boundary, 'text/html', html),
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

const part = (boundary: string, type: string, body: string): string[] => [
  `--${boundary}`,
  `Content-Type: ${type}; charset=utf-8`,
  'Content-Transfer-Encoding: base64',
  '',
  ...(Buffer.from(body)
    .toString('base64')
    .match(/.{1,76}/g) ?? []),
];
