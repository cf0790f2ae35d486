/** Milliseconds per unit of a duration literal. */
export const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const literal = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds of a literal such as `500ms`, `10s`, `1m`, `4h` or `14d`; undefined where it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = literal.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** The literal of a duration, in the largest unit that keeps it whole: `500ms`, `90s`, `14d`. `parseDuration` reads it back. */
export function durationLiteral(ms: number): string {
  const units = Object.entries(unitMs).reverse();
  const [unit, size] = units.find(([, size]) => ms >= size && ms % size === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

/** A duration as people read it, at most two units: `14 s`, `3 min 20 s`, `2 h 5 min`, `1 d 4 h`. Negative values read as `0 s`. */
export function formatDuration(ms: number): string {
  if (Math.round(ms) < 1_000) return ms <= 0 ? '0 s' : `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}
