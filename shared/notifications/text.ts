/** Control characters, and marks that turn the direction of all that follows (they could make a text read as another). */
export const invisible = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Text from outside as one line: whitespace collapsed, invisible characters removed. Safe in a mail header. */
export const oneLine = (text: string): string => lines(text).replaceAll(/\s+/g, ' ').trim();

/** Text from outside, its line ends kept as `\n`, invisible characters removed, halves of surrogate pairs replaced. */
export const lines = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(invisible, (character) => (character === '\n' ? '\n' : character === '\t' ? ' ' : ''));

/** At most `limit` characters (code points), the last one `…` where something was cut. */
export const cut = (text: string, limit: number): string => cutMapped(text, limit, (character) => character);

/**
 * Maps each character and stops before the result grows over `limit` code points, `…` included: what `map` made of one character
 * (an entity, say) is there as a whole or not at all.
 */
export function cutMapped(text: string, limit: number, map: (character: string) => string): string {
  let whole = '';
  let shortened = '';
  let length = 0;
  for (const character of text) {
    const mapped = map(character);
    length += [...mapped].length;
    if (length > limit) return limit > 0 ? `${shortened}…` : '';
    whole += mapped;
    if (length < limit) shortened = whole;
  }
  return whole;
}

/** At most `limit` bytes of UTF-8, no character cut; the last one `…` where something was. */
export function cutBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  let room = limit - Buffer.byteLength('…');
  let shown = '';
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    shown += character;
  }
  return `${shown}…`;
}
