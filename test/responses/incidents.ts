import type { Incident } from '../../shared/incidents/incident.ts';
import { incident as template } from '../api/fixtures.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Midnight before the month in which the stories of these tests are told. */
export const november = Date.parse('2026-11-01T00:00:00Z');

let made = 0;

/** An incident that opened some minutes after November began, and is over where `lasted` says after how many. */
export function incident(
  opened: number,
  { acked, lasted, ...more }: { acked?: number; lasted?: number } & Partial<Incident> = {},
): Incident {
  const openedAt = november + opened * minute;
  return {
    ...template,
    id: `20261101-${++made}`,
    openedAt,
    status: lasted === undefined ? 'triggered' : 'resolved',
    ...(acked !== undefined && { firstAcknowledgedAt: openedAt + acked * minute }),
    ...(lasted !== undefined && { resolvedAt: openedAt + lasted * minute }),
    ...more,
  };
}
