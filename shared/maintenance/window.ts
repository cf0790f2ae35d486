import type { Matcher } from '../routing/route.ts';

/**
 * Planned work: whoever matches tells nobody, and its time counts for nothing in uptime. CloudWatch mutes the alarms as well, by
 * `AlarmMuteRule`s of the stack.
 */
export interface MaintenanceWindow {
  id: string;
  /** Ids of monitors, all that fit `match` when the config was read. */
  monitors: string[];
  match: Matcher[];
  /** When it begins: once, local wall time `2026-12-01T22:00`, or by a cron expression of five fields. */
  begins: { at: string } | { cron: string };
  /** IANA name of the zone of the wall time. */
  zone: string;
  /** Milliseconds of elapsed time, whatever the clocks do meanwhile. */
  duration: number;
  comment?: string;
}
