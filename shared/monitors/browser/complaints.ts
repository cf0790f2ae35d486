import type { Page } from 'playwright-core';

/** Errors that a page wrote to its console or did not catch. */
export interface Complaints {
  count: number;
  /** The first of them. */
  first: string[];
}

const kept = { texts: 5, characters: 200 };

/** Counts what a page complains of from now on, beside what others did. */
export function watchComplaints(page: Page, complaints: Complaints = { count: 0, first: [] }): Complaints {
  const add = (text: string) => {
    complaints.count++;
    if (complaints.first.length < kept.texts) complaints.first.push(text.slice(0, kept.characters));
  };
  page.on('pageerror', ({ message }) => add(message));
  page.on('console', (message) => {
    // Some browsers ask for it on their own account; no page did.
    const isOfIcon = message.location().url.endsWith('/favicon.ico');
    if (message.type() === 'error' && !isOfIcon) add(message.text());
  });
  return complaints;
}
