import { formatDuration } from '../duration.ts';
import { formatTime } from '../notifications/time.ts';

const iso = (at: number) => new Date(at).toISOString();

interface TimeProps {
  /** Epoch milliseconds. */
  at: number;
  now: number;
}

/** How long ago, as text; the moment itself when pointed at. */
export const Ago = ({ at, now }: TimeProps) => (
  <time datetime={iso(at)} title={formatTime(at)}>
    {relative(at, now)}
  </time>
);

/** How long something has been so: `for 38 s`. */
export const Since = ({ at, now }: TimeProps) => (
  <time datetime={iso(at)} title={`since ${formatTime(at)}`}>
    for {formatDuration(now - at)}
  </time>
);

/** `just now`, `3 min 20 s ago`, `in 5 min`. */
export function relative(at: number, now: number): string {
  if (Math.abs(now - at) < 1_000) return 'just now';
  return at < now ? `${formatDuration(now - at)} ago` : `in ${formatDuration(at - now)}`;
}

/** The moment: the time of day where it is of the last 24 hours, else with its date. The script shows it in the reader's zone. */
export const Moment = ({ at, now }: TimeProps) => (
  <time datetime={iso(at)} title={formatTime(at)} data-moment>
    {now - at < 86_400_000 ? formatTime(at).slice(11) : formatTime(at)}
  </time>
);
