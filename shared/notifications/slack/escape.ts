import { cutMapped } from '../text.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** At most `limit` characters with Slack's three control characters escaped, no entity cut. */
export const escaped = (text: string, limit: number): string =>
  cutMapped(text, limit, (character) => entities[character] ?? character);
