/** What chat, paging and push services show as the message itself; the whole body where it has none of their members. */
export function readableText(body: string): string {
  const message = parsed(body) ?? Object.fromEntries(new URLSearchParams(body));
  for (const path of paths) {
    const texts = path.map((members) => textAt(message, members)).filter((text) => text !== undefined);
    if (texts.length > 0) return texts.join('\n');
  }
  return body;
}

/** Members, the most telling first, that belong together. */
const paths: string[][][] = [
  [['payload', 'summary']],
  [['title'], ['message']],
  [['text']],
  [
    ['embeds', '0', 'title'],
    ['embeds', '0', 'description'],
  ],
  [['content']],
  [['attachments', '0', 'content', 'fallbackText']],
  [['attachments', '0', 'fallback']],
  [['incident', 'title']],
  [['summary']],
];

function textAt(value: unknown, members: string[]): string | undefined {
  let at = value;
  for (const member of members) at = (at as Record<string, unknown> | null | undefined)?.[member];
  return typeof at === 'string' && at !== '' ? at : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
