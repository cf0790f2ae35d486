import type { Mask } from '../masking.ts';
import type { Attempt } from './observation.ts';
import { presentable } from './presentable.ts';
import { type Note, tenths } from './trace.ts';

/** One thing an attempt did, or saw. */
export interface Step {
  /** Milliseconds since the attempt began, to one decimal. */
  ms: number;
  /** One line, fit to be shown: short, without control characters and secrets. */
  text: string;
}

/** Begins to keep what an attempt does, step by step. */
export function startTranscript(): {
  note: Note;
  /** All steps, and what the attempt came to. */
  end(attempt: Attempt, mask: Mask): Step[];
} {
  const started = performance.now();
  const steps: Step[] = [];
  const note: Note = (text) => {
    steps.push({ ms: tenths(performance.now() - started), text });
  };
  return {
    note,
    end({ outcome, message }, mask) {
      note(message ? `${outcome}: ${message}` : outcome);
      return steps.map(({ ms, text }) => ({ ms, text: presentable(text, mask).replaceAll(/\s+/g, ' ') }));
    },
  };
}
