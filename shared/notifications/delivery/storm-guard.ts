import type { IncidentEvent } from '../../incidents/incident.ts';

/** Messages a channel is told one by one in a minute, unless its kind or the config says otherwise. What is more goes into a digest. */
export const defaultRate = 30;

/** Part of a minute's messages that is kept for pages. */
const keptForPages = 1 / 3;

const minuteMs = 60_000;

export const minuteOf = (at: number): number => at - (at % minuteMs);

export const nextMinute = (at: number): number => minuteOf(at) + minuteMs;

/** How many messages of this minute an event may find taken already, and still be told by itself. A page may have the last. */
export function roomFor({ type, incident }: Pick<IncidentEvent, 'type' | 'incident'>, rate: number): number {
  const isPage = type === 'firing' && (incident.severity === 'critical' || incident.test === true);
  return isPage ? rate : rate - Math.floor(rate * keptForPages);
}

/** Id of the digest that a channel is told at that time, in place of an incident's. */
export const digestId = (channel: string, due: number): string =>
  `digest-${channel}-${new Date(due).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;

/** The channel that a target is, or is a part of: `ops` of `ops/2`. */
export const channelOf = (target: string): string => target.split('/', 1)[0]!;
