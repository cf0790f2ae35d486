import type { Notice } from './notice.ts';

/** What stands below the title of a push, the most important first: on a locked phone four lines are seen. */
export const pushText = ({ lead, why, whyLabel, facts, footer }: Notice): string =>
  [
    lead,
    ...(whyLabel === 'Why' || why.length === 0 ? why : [`${whyLabel}:`, ...why]),
    facts.map(({ label, value }) => `${label}: ${value}`).join(' · '),
    footer,
  ]
    .filter(Boolean)
    .join('\n');
