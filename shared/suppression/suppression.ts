import type { Matcher } from '../routing/route.ts';

/** Why an incident is not told now, though it is known. It never holds back the end of what was told. */
export interface Suppression {
  by: 'silence' | 'maintenance' | 'dependency' | 'inhibition';
  /** Id of the silence or window, of the parent monitor, or of the incident that inhibits. */
  id: string;
  /** For people: `silenced by ana until 14:00: deploy`. */
  text: string;
  /** Epoch milliseconds at which it ends by itself. Absent: to be looked at again, every 30 s. */
  until?: number;
}

/** While an incident fits `source`, those that fit `target` and are alike in the labels of `equal` are not told. */
export interface Inhibition {
  source: Matcher[];
  target: Matcher[];
  equal: string[];
}
