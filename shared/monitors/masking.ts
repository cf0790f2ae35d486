/** Removes secrets from a text that leaves. */
export type Mask = (text: string) => string;

/** Characters of a text from the target that are kept. */
export const maxTextLength = 500;

/** A secret's first characters at the end of a text that was cut are masked from this length on. */
const tellingLength = 4;

const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

/** A secret as it is and as JSON (also inside JSON), URLs and basic authentication would write it. */
const formsOf = (secret: string) => [
  secret,
  escaped(secret),
  escaped(escaped(secret)),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
];

/** Replaces every secret, whatever its form, also the beginning of one at the text's end. */
export function maskOf(secrets: Iterable<string>): Mask {
  const forms = new Set([...secrets].filter(Boolean).flatMap(formsOf));
  // The longest first: one secret may be the beginning of another.
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) =>
    longestFirst.reduce((masked, form) => maskCutEnd(masked.replaceAll(form, '***'), form), text);
}

function maskCutEnd(text: string, secret: string): string {
  const body = text.replace(/(?:…|\.\.\.)?["']?$/, '');
  for (let length = Math.min(secret.length - 1, body.length); length >= tellingLength; length--) {
    if (body.endsWith(secret.slice(0, length)))
      return `${body.slice(0, -length)}***${text.slice(body.length)}`;
  }
  return text;
}

/** A text from the target as evidence: masked, on few lines, without control characters, at most 500 characters. */
export function presentable(text: string, mask: Mask): string {
  // A body may be 10 MB long: what this cut leaves of a secret is masked.
  const start = text.slice(0, maxTextLength * 4);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const clean = mask(start.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')).trim();
  return clean.length > maxTextLength ? `${clean.slice(0, maxTextLength - 1).toWellFormed()}…` : clean;
}
