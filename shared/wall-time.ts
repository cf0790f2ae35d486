/*
 * Wall time is what the clock on a wall shows, as the milliseconds that UTC would have at that reading: 09:00 on 2026-03-29 is
 * `Date.UTC(2026, 2, 29, 9)` in every zone.
 */

const day = 86_400_000;

/** Making one takes as long as using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, made);
  return made;
}

/** Whether it is the IANA name of a time zone, or another that this machine's zone data knows. */
export function isZone(zone: string): boolean {
  try {
    return formatIn(zone) !== undefined;
  } catch {
    return false;
  }
}

/** Milliseconds that the clocks of a zone are ahead of UTC at a moment. Throws `RangeError` where there is no such zone. */
function offsetAt(zone: string, at: number): number {
  const [, sign, hours, minutes, seconds = 0] =
    /GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(formatIn(zone).format(at)) ?? [];
  if (sign === undefined) return 0;
  const ahead = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === '-' ? -ahead : ahead) * 1_000;
}

/** What the clocks of a zone show at a moment. */
export const wallTimeAt = (zone: string, at: number): number => at + offsetAt(zone, at);

/**
 * The moment, in epoch milliseconds, at which the clocks of a zone first show a wall time. Where they go forward over it, the moment
 * they do so; where they go back and show it twice, the first time.
 */
export function momentOf(zone: string, wall: number): number {
  const before = wall - offsetAt(zone, wall - day);
  const after = wall - offsetAt(zone, wall + day);
  const shown = [before, after].filter((at) => wallTimeAt(zone, at) === wall);
  return shown.length > 0 ? Math.min(...shown) : firstAfter(zone, wall, after, before);
}

/** Between `from`, when the clocks have not yet reached a wall time, and `to`, when they have passed it: the moment of the leap. */
function firstAfter(zone: string, wall: number, from: number, to: number): number {
  let [early, late] = [from, to];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (wallTimeAt(zone, middle) < wall) early = middle;
    else late = middle;
  }
  return late;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A moment as the clocks of a zone show it: `Mon 2026-11-23 09:00`. */
export function wallText(zone: string, at: number): string {
  const wall = new Date(wallTimeAt(zone, at));
  return `${weekdays[wall.getUTCDay()]} ${wall.toISOString().slice(0, 16).replace('T', ' ')}`;
}
