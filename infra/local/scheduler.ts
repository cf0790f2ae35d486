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

/**
 * Runs a schedule on this clock. One that recurs at a rate runs at once, for the minute that has begun, so that nobody
 * waits for the first check; then, as on AWS, on whole minutes. Runs missed while the machine slept are left out.
 */
export function startSchedule(schedule: Schedule, clock: Clock): void {
  const plan = () => {
    const time = schedule.recurrence.after(clock.now());
    if (time !== undefined) clock.at(time, () => fire(time));
  };
  const fire = (time: number) => {
    plan();
    schedule.run(inputAt(schedule, time));
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
