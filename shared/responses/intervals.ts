/** From one moment to another, epoch milliseconds; `to` is exclusive. */
export interface Interval {
  from: number;
  to: number;
}

/** What of an interval lies in another; undefined where nothing does. */
export function within({ from, to }: Interval, frame: Interval): Interval | undefined {
  const clipped = { from: Math.max(from, frame.from), to: Math.min(to, frame.to) };
  return clipped.from < clipped.to ? clipped : undefined;
}

/** Milliseconds of a frame that are in at least one of the intervals: those that overlap count once. */
export function coveredMs(intervals: readonly Interval[], frame: Interval): number {
  const clipped = intervals.flatMap((interval) => within(interval, frame) ?? []);
  let covered = 0;
  let end = frame.from;
  for (const { from, to } of clipped.sort((a, b) => a.from - b.from)) {
    covered += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return covered;
}
