import {
  type MaintenanceWindow,
  parseWallTime,
  patternOf,
  windowAt,
} from '../../../shared/maintenance/window.ts';
import { ServiceError } from '../service.ts';

/** When alarms are muted. */
export interface MuteRule {
  name: string;
  alarms: string[];
  /** `cron(…)` with five fields, or `at(2026-12-01T22:00)`. */
  expression: string;
  /** ISO 8601: `PT4H`, `P2DT12H`. */
  duration: string;
  timeZone: string;
}

export type MuteRules = ReturnType<typeof createMuteRules>;

/** Mute rules of CloudWatch: while one is on, the actions of its alarms wait. */
export function createMuteRules() {
  const windows = new Map<string, MaintenanceWindow>();
  return {
    /** Creates a rule or replaces it. Throws `ServiceError` where CloudWatch would not take it. */
    put(rule: MuteRule): void {
      windows.set(rule.name, windowOf(rule));
    },

    isMuted: (alarm: string, at: number): boolean => windowAt([...windows.values()], alarm, at) !== undefined,
  };
}

function windowOf({ name, alarms, expression, duration, timeZone }: MuteRule): MaintenanceWindow {
  return {
    id: name,
    monitors: alarms,
    match: [],
    begins: beginsOf(expression),
    zone: timeZone,
    duration: millisecondsOf(duration),
  };
}

/** Fields of its cron expressions hold these signs, and names of months and weekdays. */
const cronField = /^[\d*,A-Z-]+$/;

function beginsOf(expression: string): MaintenanceWindow['begins'] {
  const [, kind, inner = ''] = /^(cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'at' && parseWallTime(inner) !== undefined) return { at: inner };
  if (kind !== 'cron' || !inner.split(' ').every((field) => cronField.test(field)))
    throw new ServiceError(
      'ValidationError',
      `${expression} is no cron(…) or at(…) expression of a mute rule`,
    );
  try {
    patternOf(inner);
  } catch (error) {
    throw new ServiceError('ValidationError', `${expression}: ${(error as Error).message}`);
  }
  return { cron: inner };
}

const minute = 60_000;
const longest = 15 * 24 * 60 * minute;

function millisecondsOf(duration: string): number {
  const [, days = 0, hours = 0, minutes = 0] =
    /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  const length = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * minute;
  if (length >= minute && length <= longest) return length;
  throw new ServiceError('ValidationError', `Duration ${duration} is not from PT1M to P15D`);
}
