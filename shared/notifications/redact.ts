/** Pieces of a secret shorter than this are words that any text may hold: a scheme, a port, `api`. */
const minPiece = 6;

/**
 * Masks secrets in text that leaves us: each value, and the parts of a URL that give access to what it names (path, its tokens,
 * query, user, password), also percent-encoded or as part of JSON, also when the text was cut in the middle of one.
 */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const pieces = [...new Set([...secrets].flatMap(piecesOf).flatMap(formsOf))].sort(
    (one, other) => other.length - one.length,
  );
  return (text) => {
    const masked = pieces.reduce((shown, piece) => shown.replaceAll(piece, '***'), text);
    return pieces.reduce(maskCutEnd, masked);
  };
}

function piecesOf(secret: string): string[] {
  const value = secret.trim();
  const whole = [secret, value].filter((piece) => piece !== '');
  if (!URL.canParse(value)) return whole;
  const { pathname, search, searchParams, username, password } = new URL(value);
  const parts = [pathname + search, pathname, search, username, ...searchParams.values()];
  const tokens = pathname.split('/').filter(isToken);
  return [
    ...whole,
    ...parts.filter((part) => part.length >= minPiece),
    ...tokens,
    ...(password ? [password] : []),
  ];
}

/** Words of a path such as `services` are no secret; what has digits or capitals, or is long, may be one. */
const isToken = (segment: string): boolean =>
  segment.length >= 20 || (segment.length >= minPiece && /[A-Z0-9]/.test(segment));

const formsOf = (piece: string): string[] => [
  piece,
  decoded(piece),
  encodeURIComponent(decoded(piece)),
  JSON.stringify(piece).slice(1, -1),
];

function maskCutEnd(text: string, piece: string): string {
  for (let length = Math.min(piece.length - 1, text.length); length >= minPiece; length--)
    if (text.endsWith(piece.slice(0, length))) return `${text.slice(0, -length)}***`;
  return text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
