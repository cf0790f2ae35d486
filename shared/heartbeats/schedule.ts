import { Cron } from 'croner';
import { unitMs } from '../duration.ts';
import type { HeartbeatSettings } from '../monitors/heartbeat/settings.ts';
import { isZone } from '../wall-time.ts';

/** Clocks differ: a job that starts this much early is the one that is due, not another. */
const earlyMs = 10 * unitMs.s;

const cronOf = (cron: string, zone: string) => new Cron(cron, { timezone: zone, mode: '5-part' });

/** When the next success is due after one at `success`, epoch milliseconds. */
export function dueAfter({ period, cron, zone }: HeartbeatSettings, success: number): number {
  if (cron === undefined) return success + (period ?? 0);
  const next = cronOf(cron, zone).nextRun(new Date(success + earlyMs));
  return next?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** Milliseconds a success may be late. */
export const graceOf = ({ grace, period = unitMs.h }: HeartbeatSettings) =>
  grace ?? Math.min(unitMs.h, period);

/** Milliseconds a run may take. */
export const runtimeOf = (settings: HeartbeatSettings) => settings.maxRuntime ?? graceOf(settings);

/** Why a schedule is none that anything could keep: unknown words, a zone that is not there, no next time. */
export function cronProblem(
  cron: string,
  zone: string,
): { field: 'cron' | 'zone'; message: string } | undefined {
  if (!isZone(zone))
    return {
      field: 'zone',
      message: "must be an IANA time zone: write zone: 'Europe/Madrid', or leave it out",
    };
  try {
    // A leap year is at most eight years away: what is not due until then never is.
    if (cronOf(cron, zone).nextRun(new Date()) === null)
      return { field: 'cron', message: "must be due some day, which this never is: write cron: '0 3 * * *'" };
  } catch (error) {
    const why = (error as Error).message.replace(/^CronPattern: (mode '5-part' requires )?|\.$/g, '');
    return { field: 'cron', message: `must be five cron fields (${why}): write cron: '0 3 * * *'` };
  }
  return undefined;
}
