/**
 * Local wall times, held as the epoch milliseconds they would have in UTC: `Date.UTC(2026, 2, 29, 2, 30)` is half past two in any zone.
 */

/** What the clocks of a zone show at an instant. */
export function wallTimeAt(instant: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const { year, month, day, hour, minute, second } = parts;
  return (
    Date.UTC(year, month - 1, day, hour, minute, second) + (instant - Math.floor(instant / 1_000) * 1_000)
  );
}

/**
 * The instant at which the clocks of a zone show a wall time: the first one where an hour is repeated; where it is skipped, the instant
 * at which the clocks jump over it.
 */
export function instantOf(wall: number, zone: string): number {
  const offsets = [wall - dayMs, wall + dayMs].map((near) => wallTimeAt(near, zone) - near);
  const exact = offsets
    .map((offset) => wall - offset)
    .filter((instant) => wallTimeAt(instant, zone) === wall);
  return exact.length > 0 ? Math.min(...exact) : jumpOver(wall, zone);
}

/** The first instant, to the second, whose wall time is later. */
function jumpOver(wall: number, zone: string): number {
  let before = wall - dayMs;
  let after = wall + dayMs;
  while (after - before > 1_000) {
    const middle = before + Math.floor((after - before) / 2_000) * 1_000;
    if (wallTimeAt(middle, zone) < wall) before = middle;
    else after = middle;
  }
  return after;
}

/** `2026-12-01T22:00` as a wall time; undefined where there is no such time of a day. */
export function parseWallTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined;
  const wall = Date.parse(`${text}Z`);
  return Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 16) !== text ? undefined : wall;
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

const dayMs = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes far longer than using it. Throws `RangeError` for a zone that is not there. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}
