import type { Mailbox } from './settings.ts';

/** A mailbox as it stands in a mail's header: ASCII, the name quoted, or encoded where it has other letters (RFC 2047). */
export function headerMailbox({ name, address }: Mailbox): string {
  if (!name) return address;
  const shown = /^[\x20-\x7e]*$/.test(name) ? `"${name.replaceAll(/["\\]/g, '\\$&')}"` : encodedWords(name);
  return `${shown} <${address}>`;
}

/** Bytes of UTF-8 in one encoded word: 75 characters less `=?UTF-8?B?` and `?=`, in base64. */
const wordBytes = 45;

/** Text for a mail's header as RFC 2047's encoded words, one a line. */
export function encodedWords(text: string): string {
  const words: string[] = [''];
  for (const character of text) {
    if (Buffer.byteLength(words.at(-1)! + character) > wordBytes) words.push('');
    words[words.length - 1] += character;
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}
