import { type Mask, maskOf } from '../../masking.ts';

/** Pieces of a secret shorter than this are words that any text may hold: a scheme, a port, `api`. */
const minPiece = 6;

/**
 * Masks secrets in text that leaves us: each value, and the parts of a URL that give access to what it names (path, its tokens,
 * query, user, password), however they are written.
 */
export function redactor(secrets: Iterable<string>): Mask {
  return maskOf([...secrets].flatMap(piecesOf));
}

function piecesOf(secret: string): string[] {
  const value = secret.trim();
  const whole = [secret, value].filter((piece) => piece !== '');
  if (!URL.canParse(value)) return whole;
  const { pathname, search, searchParams, username, password } = new URL(value);
  const parts = [pathname + search, pathname, search, username, ...searchParams.values()];
  const tokens = pathname.split('/').filter(isToken);
  const pieces = [...parts.filter((part) => part.length >= minPiece), ...tokens, password];
  return [...whole, ...pieces, ...pieces.map(decoded)];
}

/** Words of a path such as `services` are no secret; what has digits or capitals, or is long, may be one. */
const isToken = (segment: string): boolean =>
  segment.length >= 20 || (segment.length >= minPiece && /[A-Z0-9]/.test(segment));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
