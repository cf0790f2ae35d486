import type { Mask } from '../masking.ts';

/** Characters of a text from the target that are kept. */
export const maxTextLength = 500;

/** A text from the target as evidence: masked, on few lines, without control characters, at most 500 characters. */
export function presentable(text: string, mask: Mask): string {
  // A body may be 10 MB long: what this cut leaves of a secret is masked.
  const start = text.slice(0, maxTextLength * 4);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const clean = mask(start.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')).trim();
  return clean.length > maxTextLength ? `${clean.slice(0, maxTextLength - 1).toWellFormed()}…` : clean;
}
