import { lines, oneLine } from '../notifications/text.ts';

/** Text from outside as Markdown that shows it and nothing else: one line, no markup, no HTML, no cell's end. */
export const escaped = (text: string): string =>
  oneLine(text)
    .replaceAll(/[\\`*_[\]<>|~&#!$]/g, '\\$&')
    .replace(/^(?:[-+=]|\d{1,9}(?=[.)](?:\s|$)))/, (start) =>
      /\d/.test(start) ? `${start}\\` : `\\${start}`,
    );

/** Text from outside as it is, in a block that it cannot end. */
export function codeBlock(text: string): string {
  const shown = lines(text);
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${shown}\n${fence}`;
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A web address that one can follow; anything else as text. */
export const linked = (url: string): string =>
  URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    ? `<${new URL(url).href.replaceAll('|', '%7C')}>`
    : escaped(url);
