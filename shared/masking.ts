/** Removes secrets from a text that leaves. */
export type Mask = (text: string) => string;

interface Range {
  from: number;
  to: number;
}

/** Of a secret that the text's end cuts off, so many characters tell enough to be masked. */
const tellingLength = 4;

/** What is shorter in base64 may be part of anything. */
const tellingBase64 = 8;

/**
 * Replaces every secret by `***`: each of its characters as it is or as JSON, URLs, forms and HTML write it, all of it also in base64,
 * and its beginning where the text ends.
 */
export function maskOf(secrets: Iterable<string>): Mask {
  const known = new Set([...secrets].filter(Boolean).flatMap((secret) => [secret, ...inBase64(secret)]));
  // Made when there is a text: most checks succeed and have none.
  let patterns: RegExp[][] | undefined;
  return (text) => {
    patterns ??= [...known].map((secret) => (secret.match(charactersOf) ?? []).map(patternOf));
    const end = text.length - /(?:…|\.\.\.)?["']?$/.exec(text)![0].length;
    const plain = [...known].flatMap((secret) => placesOf(secret, text));
    return masked(text, [...plain, ...patterns.flatMap((secret) => writtenIn(text, secret, end))]);
  };
}

/** Ranges may overlap: one secret may be part of another. */
function masked(text: string, ranges: Range[]): string {
  let shown = '';
  let end = 0;
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (from > end || shown === '') shown += `${text.slice(end, from)}***`;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
}

function placesOf(secret: string, text: string): Range[] {
  const places: Range[] = [];
  for (let from = text.indexOf(secret); from !== -1; from = text.indexOf(secret, from + secret.length))
    places.push({ from, to: from + secret.length });
  return places;
}

function writtenIn(text: string, secret: RegExp[], end: number): Range[] {
  const places: Range[] = [];
  for (let from = 0; from < end; from++) {
    const to = endOf(secret, text, from, end);
    if (to === undefined) continue;
    places.push({ from, to });
    from = to - 1;
  }
  return places;
}

/** Where the secret that begins at a place ends: behind its last character, or at `end` where that cuts it off. */
function endOf(secret: RegExp[], text: string, from: number, end: number): number | undefined {
  let at = from;
  for (const [read, character] of secret.entries()) {
    character.lastIndex = at;
    const isCut = at >= end || !character.test(text);
    if (isCut && read >= tellingLength && partOfCharacter.test(text.slice(at, end))) return end;
    if (isCut) return undefined;
    at = character.lastIndex;
  }
  return at;
}

/** What may be left of an escaped character. */
const partOfCharacter = /^(?:%.?|&[#\w]{0,5}|\\+(?:u\w{0,3})?)?$/;

/** A run of backslashes is one: how long it is depends on how often JSON was put into JSON. */
const charactersOf = /\\+|[^\\]/gsu;

/** Matches a character however it is written. */
function patternOf(text: string): RegExp {
  if (/^[a-z0-9]$/i.test(text)) return new RegExp(text, 'y');
  const written = writingsOf(text[0] === '\\' ? '\\' : text)
    .map(literally)
    .join('|');
  return new RegExp(text[0] === '\\' ? `(?:${written})+` : `\\\\*(?:${written})`, 'y');
}

/** The longer before those they begin with. */
function writingsOf(character: string): string[] {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16).padStart(2, '0');
  const percent = code < 0x80 ? `%${hex}` : encodeURIComponent(character.toWellFormed()).toLowerCase();
  const numbers = [percent, `u${hex.padStart(4, '0')}`, `&#x${hex};`, `&#${code};`, `&#0${code};`];
  return [
    ...numbers.flatMap((one) => [one, one.replaceAll(/[a-f]/g, upper)]),
    ...(entities[character] ?? []),
    // Bytes of another character set are read as this one.
    ...(code < 0x80 ? [] : ['\ufffd']),
    ...(code < 0x20 ? [JSON.stringify(character).slice(2, -1)] : []),
    ...(character === ' ' ? ['+'] : []),
    character,
  ];
}

const upper = (text: string) => text.toUpperCase();

const entities: Record<string, string[]> = {
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '"': ['&quot;'],
  "'": ['&apos;'],
};

const literally = (text: string) =>
  text.replaceAll(/[^a-z0-9]/gi, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A secret in base64, also amid other text: without the letters at its ends that depend on its neighbours. */
function inBase64(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const amid = [0, 1, 2].map((before) => {
    const letters = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return letters.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const telling = [bytes.toString('base64'), ...amid.filter(({ length }) => length >= tellingBase64)];
  return telling.flatMap((letters) => [letters, letters.replaceAll('+', '-').replaceAll('/', '_')]);
}
