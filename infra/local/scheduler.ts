import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Recurrence } from './schedule-expression.ts';

/** A schedule of EventBridge Scheduler. */
export interface Schedule {
  arn: string;
  recurrence: Recurrence;
  /** JSON text in which `<aws.scheduler.scheduled-time>` and its like are replaced. */
  input: string;
  /** Starts the target, without waiting for it. */
  run(event: unknown): void;
}

/** Milliseconds after which a run at a rate is no longer worth it: the next one is near. */
const maxLateMs = 60_000;

/**
 * Runs a schedule on this clock. One that recurs at a rate runs at once, for the minute that has begun, so that nobody
 * waits for the first check; then, as on AWS, on whole minutes. Runs missed while the machine slept are left out; one at a named
 * time is made up for, once.
 */
export function startSchedule(schedule: Schedule, clock: Clock): void {
  const plan = () => {
    const time = schedule.recurrence.after(clock.now());
    if (time !== undefined) clock.at(time, () => fire(time));
  };
  const fire = (time: number) => {
    plan();
    const isLate = clock.now() - time > maxLateMs;
    if (!(isLate && schedule.recurrence.regular)) schedule.run(inputAt(schedule, time));
  };
  const minute = Math.floor(clock.now() / 60_000) * 60_000;
  if (schedule.recurrence.regular) clock.at(minute, () => fire(minute));
  else plan();
}

function inputAt({ input, arn }: Schedule, time: number): unknown {
  const values: Record<string, string> = {
    'scheduled-time': `${new Date(time).toISOString().slice(0, 19)}Z`,
    'schedule-arn': arn,
    'execution-id': randomUUID(),
    'attempt-number': '1',
  };
  return JSON.parse(input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name) => values[name] ?? whole));
}
