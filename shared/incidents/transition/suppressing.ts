import type { Suppression } from '../../suppression/suppression.ts';
import type { Changing } from './changing.ts';

/** Milliseconds after which is looked again at what does not end by itself. */
const recheckMs = 30_000;

/** At what does: somebody may have ended it early, and whoever was to wake us may have been cut off. */
const longestMs = 15 * 60_000;

/** Whether nobody may be told now that it fires. Then all that was to be told waits until that is over. */
export function isHeldBack(draft: Changing): boolean {
  const { next, scene } = draft;
  const suppression = scene.suppressionOf(next);
  if (suppression) holdBack(draft, suppression);
  else {
    delete next.suppressed;
    delete next.due.recheck;
  }
  return suppression !== undefined;
}

function holdBack({ next, now, note }: Changing, suppression: Suppression): void {
  const { by, id, text, until } = suppression;
  if (next.suppressed?.by !== by || next.suppressed.id !== id)
    note('suppressed', 'tocsin', `nobody is told: ${text}`);
  next.suppressed = suppression;
  for (const kind of ['announce', 'hours', 'regroup', 'repeat', 'escalate'] as const) delete next.due[kind];
  // One that says it has ended is not to be looked at over and over.
  next.due.recheck = Math.max(Math.min(until ?? now + recheckMs, now + longestMs), now + 1_000);
}
