import * as z from 'zod/mini';
import { unitMs } from '../duration.ts';
import { longestWindowMs, type MaintenanceWindow, parseWallTime, patternOf } from '../maintenance/window.ts';
import { fits } from '../routing/matcher.ts';
import { labelsOf } from '../routing/plan.ts';
import { isZone } from '../wall-time.ts';
import type { Monitor } from './config.ts';
import { type Fields, isFields, readSound } from './fields.ts';
import type { Findings } from './issues.ts';
import { type KnownLabels, refuseUnknown, resolveMatch } from './match.ts';
import type { Path } from './problems.ts';
import { matchSchema } from './routes.ts';
import { id, span } from './schema.ts';
import { fieldsAt } from './shape.ts';

/** What a maintenance window may say. */
export const maintenanceSchema = z.strictObject(
  {
    /** What people are told it is called. Default `maintenance-1` and so on, by its place in the list. */
    id: z.optional(id),
    /** Monitors that are worked on, by their ids. Default: those of `match`. */
    monitors: z.optional(
      z
        .array(z.string(), "must be a list of monitors: write monitors: ['api']")
        .check(z.minLength(1, "must name at least one monitor: write monitors: ['api']")),
    ),
    /** Labels of the monitors that are worked on, as in `match` of a route; `{}` is all of them. Default: those of `monitors`. */
    match: z.optional(matchSchema),
    /** When it begins, once, in wall time: `2026-12-01T22:00`. Default: as `cron` says. */
    at: z.optional(
      z
        .string()
        .check(
          z.refine(
            (text) => parseWallTime(text) !== undefined,
            "must be a time to the minute, without a zone: write at: '2026-12-01T22:00'",
          ),
        ),
    ),
    /** When it begins, again and again, in wall time: minute, hour, day of month, month, weekday. CloudWatch mutes by it and knows `*`, `,` and `-`, months and weekdays by name. Default: as `at` says. */
    cron: z.optional(z.string()),
    /** Time zone of `at` or `cron`, by its IANA name. A beginning that the clocks skip is the moment they do so; one they show twice is the first. Default UTC. */
    zone: z.prefault(
      z
        .string()
        .check(z.refine(isZone, "must be an IANA time zone: write zone: 'Europe/Madrid', or leave it out")),
      'UTC',
    ),
    /** How long it lasts, 1m to 15d in whole minutes, whatever the clocks do meanwhile. */
    duration: span('duration', unitMs.m, longestWindowMs, '2h').check(
      z.refine((ms) => ms % unitMs.m === 0, "must be whole minutes: write duration: '2h'"),
    ),
    /** What is done, for those who wonder. Default nothing. */
    comment: z.optional(
      z
        .string()
        .check(z.trim(), z.minLength(1), z.maxLength(200, 'must be at most 200 characters: shorten it')),
    ),
  },
  "must be a window: write { monitors: ['api'], cron: '0 2 * * SUN', duration: '2h' }",
);

type Written = z.infer<typeof maintenanceSchema>;

/**
 * Maintenance windows of a file, those that have the right form.
 * @param monitors undefined while some are at fault
 */
export function resolveMaintenance(
  file: Fields,
  monitors: readonly Monitor[] | undefined,
  labels: KnownLabels | undefined,
  findings: Findings,
): MaintenanceWindow[] {
  const items = Array.isArray(file.maintenance) ? file.maintenance : [];
  const ids = new Set<string>();
  return items.flatMap((item, i) => {
    const at = ['maintenance', i];
    const { data, error } = maintenanceSchema.safeParse(item);
    findings.reportIssues(error, at, (path) => fieldsAt(maintenanceSchema, path));
    const own = data ?? readSound(maintenanceSchema, item, error);
    if (!own || !isFields(item)) return [];
    const name = own.id ?? `maintenance-${i + 1}`;
    if (ids.has(name))
      findings.report([...at, 'id'], { allowed: 'an id that no other window has', fix: 'choose another' });
    ids.add(name);
    const begins = beginsOf(own, item, at, findings);
    const match = resolveMatch(own.match ?? {}, [...at, 'match'], labels, findings);
    const meant = meantBy(own, match, item, at, monitors, findings);
    if (!begins || !meant) return [];
    const { zone, duration, comment } = own;
    return [{ id: name, monitors: meant, match, begins, zone, duration, ...(comment && { comment }) }];
  });
}

/** Windows with those of their monitors that are in the stack; one of none is no window. */
export const withMonitors = (
  windows: readonly MaintenanceWindow[],
  monitors: readonly Monitor[],
): MaintenanceWindow[] => {
  const present = new Set(monitors.map(({ id }) => id));
  return windows
    .map((window) => ({ ...window, monitors: window.monitors.filter((id) => present.has(id)) }))
    .filter((window) => window.monitors.length > 0);
};

function beginsOf(
  { at: time, cron, duration }: Written,
  item: Fields,
  at: Path,
  findings: Findings,
): MaintenanceWindow['begins'] | undefined {
  if ((item.at === undefined) === (item.cron === undefined)) {
    findings.report(item.at === undefined ? at : [...at, 'cron'], {
      allowed: 'a window that begins once, with at, or again and again, with cron',
      fix: "write at: '2026-12-01T22:00' or cron: '0 2 * * SUN'",
    });
    return undefined;
  }
  if (time !== undefined) return { at: time };
  if (cron === undefined) return undefined;
  const problem = cronProblem(cron.trim().toUpperCase());
  const path = [...at, 'cron'];
  if (problem) {
    findings.report(path, { allowed: problem, fix: "write cron: '0 2 * * SUN'" });
    return undefined;
  }
  const written = cron.trim().toUpperCase().split(/\s+/).join(' ');
  if (duration >= shortestGap(written))
    findings.report([...at, 'duration'], {
      allowed: 'less than the time between the two beginnings that are nearest to each other',
      fix: 'shorten it, or let it begin less often',
    });
  return { cron: written };
}

const names = {
  month: 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC',
  weekday: 'SUN|MON|TUE|WED|THU|FRI|SAT',
};

/** Of each field, what CloudWatch's own expressions may have; weekdays have names alone, as their numbers mean other days elsewhere. */
const fieldOf = (value: string) =>
  new RegExp(`^(?:\\*|(?:${value})(?:-(?:${value}))?(?:,(?:${value})(?:-(?:${value}))?)*)$`);
const number = '\\d{1,2}';
const fieldsOfCron = [number, number, number, `${number}|${names.month}`, names.weekday].map(fieldOf);

/** What a cron expression must be and is not; undefined where it is. */
function cronProblem(cron: string): string | undefined {
  const fields = cron.split(/\s+/);
  if (fields.length !== fieldsOfCron.length)
    return `five fields: minute, hour, day of month, month, weekday (these are ${fields.length})`;
  const wrong = fields.find((field, n) => !fieldsOfCron[n]!.test(field));
  if (wrong !== undefined)
    return `fields of numbers, *, commas and dashes, and weekdays SUN to SAT: CloudWatch knows no ${wrong} there`;
  if (fields[2] !== '*' && fields[4] !== '*')
    return 'days of the month or weekdays, not both: cron means either, and others mean both';
  try {
    return patternOf(cron).nextRun(from) === null ? 'due some day, which this never is' : undefined;
  } catch {
    return 'minutes 0-59, hours 0-23, days 1-31, months 1-12 or JAN-DEC and weekdays SUN-SAT, each range upwards';
  }
}

/** Any moment; a fixed one, so that a file is right or wrong whenever it is read. */
const from = new Date(Date.UTC(2026, 0));

/** Beginnings that are looked at: more than a year of days, and eight of leap days. */
const looked = 400;

/** Milliseconds of wall time between the two beginnings that are nearest to each other. */
function shortestGap(cron: string): number {
  const runs = patternOf(cron)
    .nextRuns(looked, from)
    .map((run) => run.getTime());
  return Math.min(...runs.slice(1).map((run, n) => run - runs[n]!));
}

/** Ids of the monitors that a window is about; undefined where it says so in no way, or in two. */
function meantBy(
  own: Written,
  match: MaintenanceWindow['match'],
  item: Fields,
  at: Path,
  monitors: readonly Monitor[] | undefined,
  findings: Findings,
): string[] | undefined {
  if ((item.monitors === undefined) === (item.match === undefined)) {
    findings.report(item.monitors === undefined ? at : [...at, 'match'], {
      allowed: 'monitors by their ids, with monitors, or by their labels, with match',
      fix: "write monitors: ['api'] or match: { team: 'web' }",
    });
    return undefined;
  }
  if (!monitors) return own.monitors ?? [];
  if (own.monitors) {
    const ids = monitors.map(({ id }) => id);
    refuseUnknown('monitor', own.monitors, ids, (i) => [...at, 'monitors', i], findings);
    return own.monitors;
  }
  const meant = monitors
    .filter((monitor) =>
      fits(match, labelsOf({ type: 'monitor', id: monitor.id }, monitor.alert.severity, monitor)),
    )
    .map(({ id }) => id);
  if (own.match && meant.length === 0)
    findings.report([...at, 'match'], {
      allowed: 'labels that a monitor has all together',
      fix: 'leave one out',
    });
  return meant;
}
