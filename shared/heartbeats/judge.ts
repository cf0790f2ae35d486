import { formatDuration } from '../duration.ts';
import type { HeartbeatSettings } from '../monitors/heartbeat/settings.ts';
import type { Outcome, Reason } from '../monitors/observation.ts';
import type { HeartbeatRecord, Run } from './record.ts';
import { dueAfter, graceOf, runtimeOf } from './schedule.ts';

/** `new` was never pinged; `late` is within its grace. */
export type HeartbeatState = 'new' | 'up' | 'started' | 'late' | 'down';

export interface Verdict {
  state: HeartbeatState;
  outcome: Outcome;
  reason?: Reason;
  /** One sentence for people. */
  message?: string;
  /** When the next success is due, epoch milliseconds; absent before the first. */
  expectedAt?: number;
  /** The end of what the job last said. */
  excerpt?: string;
}

/**
 * What to think of a heartbeat at a moment. Once it is down, only a success makes it up again.
 * @param now epoch milliseconds
 */
export function judgeHeartbeat(settings: HeartbeatSettings, record: HeartbeatRecord, now: number): Verdict {
  const { success, fail } = record;
  const expectedAt = success && dueAfter(settings, success.at);
  const known = expectedAt === undefined ? {} : { expectedAt };
  if (fail && fail.at >= (success?.at ?? 0)) {
    const how = fail.exitCode === undefined ? 'reported a failure' : `exited with ${fail.exitCode}`;
    const message = `${how} at ${moment(fail.at, settings)}`;
    return { ...down('heartbeat-failed', message, fail.excerpt), ...known };
  }
  const runs = openRuns(settings, record);
  const overdue = runs.find(({ startedAt }) => now >= startedAt + runtimeOf(settings));
  if (overdue) {
    const message = `started at ${moment(overdue.startedAt, settings)} and did not end within ${formatDuration(runtimeOf(settings))}`;
    return { ...down('heartbeat-overran', message), ...known };
  }
  if (expectedAt === undefined) {
    const message =
      runs.length > 0 ? 'its first run has started' : 'never pinged: waiting for its first success';
    return {
      state: runs.length > 0 ? 'started' : 'new',
      outcome: 'unknown',
      reason: 'heartbeat-new',
      message,
    };
  }
  const deadline = expectedAt + graceOf(settings);
  if (runs.some(({ startedAt }) => startedAt < deadline))
    return { state: 'started', outcome: 'up', expectedAt };
  if (now < expectedAt) return { state: 'up', outcome: 'up', expectedAt };
  if (now < deadline) return { state: 'late', outcome: 'up', expectedAt };
  const message = `expected by ${moment(deadline, settings)}, last success ${moment(success!.at, settings)}`;
  return { ...down('heartbeat-missed', message, success!.excerpt), expectedAt };
}

function down(reason: Reason, message: string, excerpt?: string): Verdict {
  return { state: 'down', outcome: 'down', reason, message, ...(excerpt && { excerpt }) };
}

type OpenRun = Run & { startedAt: number };

/**
 * Runs that began and did not end, the oldest first. What ended without a word for its run ends all that began before; so does the
 * end of a run that began later, which is the same job again, and a success after the time that a run may take.
 */
function openRuns(settings: HeartbeatSettings, { runs, success }: HeartbeatRecord): OpenRun[] {
  const ended = Object.values(runs).filter(
    ({ startedAt, endedAt }) => endedAt !== undefined && endedAt >= (startedAt ?? 0),
  );
  const isOver = (run: OpenRun) =>
    (run.endedAt ?? 0) >= run.startedAt ||
    (runs['']?.endedAt ?? 0) >= run.startedAt ||
    ended.some(({ startedAt = 0 }) => startedAt > run.startedAt) ||
    (success?.at ?? 0) >= run.startedAt + runtimeOf(settings);
  return Object.values(runs)
    .filter((run): run is OpenRun => run.startedAt !== undefined)
    .filter((run) => !isOver(run))
    .sort((a, b) => a.startedAt - b.startedAt);
}

/** `2026-11-20 03:30 CET`, in the zone of the schedule. */
function moment(at: number, { zone }: HeartbeatSettings): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}
