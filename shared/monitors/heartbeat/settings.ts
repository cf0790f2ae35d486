import * as z from 'zod/mini';
import { parseDuration, unitMs } from '../../duration.ts';
import { cronProblem } from '../../heartbeats/schedule.ts';

/** As in `shared/config/schema.ts`, which takes its kinds' settings from here. */
type Duration = `${number}${keyof typeof unitMs}`;

const span = (message: string, least: number, most: number) =>
  z.pipe(
    z.custom<Duration>((value) => {
      const ms = typeof value === 'string' ? parseDuration(value) : undefined;
      return ms !== undefined && ms >= least && ms <= most;
    }, message),
    z.transform((value: Duration) => parseDuration(value)!),
  );

/** What is judged once a minute needs no finer times. */
const shortest = unitMs.m;
const longest = 366 * unitMs.d;

const waiting = "must be a duration from 1m to 366d: write grace: '1h'";

/** What a heartbeat may be given besides what all monitors share. */
export const heartbeatSettings = z
  .strictObject({
    /** Time from one success to the next, 1m to 366d. Default none: then there is a `cron`. */
    period: z.optional(span("must be a duration from 1m to 366d: write period: '1d'", shortest, longest)),
    /** When a success is due, as five cron fields: `0 3 * * *`, `15,45 8-18 * * MON-FRI`, `@daily`. Default none: then there is a `period`. */
    cron: z.optional(z.string()),
    /** Time zone of `cron`. Where clocks go forward over a due time, it is due right after; where they go back, once. Default UTC. */
    zone: z._default(z.string(), 'UTC'),
    /** Time a success may be late. Default 1h, or the period where that is less. */
    grace: z.optional(span(waiting, shortest, longest)),
    /** Time a run may take from `/start` to its end. Default: as `grace`. */
    maxRuntime: z.optional(
      span("must be a duration from 1m to 366d: write maxRuntime: '2h'", shortest, longest),
    ),
  })
  .check(
    z.check(({ value: { period, cron, zone }, issues, value }) => {
      const report = (path: string[], message: string) =>
        issues.push({ code: 'custom', input: value, path, message });
      if ((period === undefined) === (cron === undefined))
        report(
          [],
          "must be one with a period or with a cron schedule, not both: write period: '1d' or cron: '0 3 * * *'",
        );
      if (cron === undefined) return;
      const problem = cronProblem(cron, zone);
      if (problem) report([problem.field], problem.message);
    }),
  );

export type HeartbeatSettings = z.infer<typeof heartbeatSettings>;
