import { formatDuration } from '../duration.ts';
import { dayMs, hourMs } from '../history/fold.ts';

/** Steps between the lines of a response-time axis, in milliseconds. */
const mantissas = [1, 2, 2.5, 5, 10];

/** The end of a scale of `lines` equal steps that has room for `max`: steps people can add up. */
export function niceMax(max: number, lines: number): number {
  const step = Math.max(max, 10) / lines;
  const magnitude = 10 ** Math.floor(Math.log10(step));
  const mantissa = mantissas.find((candidate) => candidate * magnitude >= step) ?? 10;
  return mantissa * magnitude * lines;
}

/** Labels from the top of the axis down to 0, evenly spaced; all in one unit, `ms` or `s`. */
export function valueLabels(max: number, lines: number): string[] {
  const inSeconds = max >= 2_000;
  const label = (value: number) => (inSeconds ? `${trim(value / 1_000)} s` : `${trim(value)} ms`);
  return Array.from({ length: lines + 1 }, (_, n) =>
    n === lines ? '0' : label((max * (lines - n)) / lines),
  );
}

/** At most two decimals, none where they are zeros. */
const trim = (value: number) => String(Math.round(value * 100) / 100);

/** Labels from the start of the axis to its end, evenly spaced: `24 h ago`, …, `now`. */
export const timeLabels = (spanMs: number, steps: number): string[] =>
  Array.from({ length: steps + 1 }, (_, n) =>
    n === steps ? 'now' : `${spanLabel((spanMs * (steps - n)) / steps)} ago`,
  );

/** A span in hours where it is whole hours: `24 h` rather than `1 d`. */
export const spanLabel = (ms: number): string =>
  ms % hourMs === 0 && ms <= dayMs ? `${ms / hourMs} h` : formatDuration(ms);
