/** What the outbox shows of a mail. */
export interface MailMessage {
  /** By lower-case name; of several headers of one name, the first. */
  headers: Record<string, string>;
  subject: string;
  /** The plain text; HTML source where there is none. */
  text: string;
}

/** Reads a mail as it goes over the wire (RFC 5322, MIME, RFC 2047), as far as a person needs to read it. */
export function readMail(raw: string): MailMessage {
  const { headers, body } = partOf(raw);
  const parts = leaves(headers, body);
  const shown = parts.find(({ type }) => type === 'text/plain') ?? parts[0];
  return { headers, subject: decodeWords(headers.subject ?? ''), text: (shown?.text ?? '').trimEnd() };
}

function partOf(raw: string): { headers: Record<string, string>; body: string } {
  const [head = '', ...rest] = raw.replaceAll('\r\n', '\n').split('\n\n');
  const headers: Record<string, string> = {};
  for (const line of head.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    if (name) headers[name.toLowerCase()] ??= value ?? '';
  }
  return { headers, body: rest.join('\n\n') };
}

interface Leaf {
  type: string;
  text: string;
}

function leaves(headers: Record<string, string>, body: string): Leaf[] {
  const contentType = headers['content-type'] ?? 'text/plain';
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!type.startsWith('multipart/') || !boundary)
    return [{ type, text: decodeBody(body, headers['content-transfer-encoding'] ?? '7bit') }];
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return parts.flatMap((part) => {
    const inner = partOf(part.replace(/^\n/, '').replace(/\n$/, ''));
    return leaves(inner.headers, inner.body);
  });
}

function decodeBody(body: string, encoding: string): string {
  if (encoding.toLowerCase() === 'base64') return Buffer.from(body, 'base64').toString();
  return encoding.toLowerCase() === 'quoted-printable' ? quotedPrintable(body.replace(/=\n/g, '')) : body;
}

const quotedPrintable = (text: string) =>
  text.replace(/(=[0-9A-F]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString());

/** `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=`; the space between two of them is none. */
const decodeWords = (text: string) =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?[^?]+\?([BQ])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
      encoding.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString()
        : quotedPrintable(word.replaceAll('_', ' ')),
    );
