import { expect, test } from 'vitest';
import { createActivity } from '../../infra/local/activity.ts';
import { manualClock } from '../../infra/local/manual-clock.ts';
import { parseSchedule } from '../../infra/local/schedule-expression.ts';
import { startSchedule } from '../../infra/local/scheduler.ts';
import { testRuntime } from '../support/local-runtime.ts';

/** What a schedule started at 12:00:20 has started after ten minutes, each with the time it ran at. */
async function runsOf(expression: string, input: string) {
  const clock = manualClock(Date.parse('2026-11-20T12:00:20Z'), createActivity(), (error) => {
    throw error;
  });
  const runs: [at: string, event: unknown][] = [];
  const run = (event: unknown) => runs.push([new Date(clock.now()).toISOString().slice(11, 19), event]);
  startSchedule({ arn: 'arn', recurrence: parseSchedule(expression, 'UTC'), input, run }, clock);
  await clock.advance(10 * 60_000);
  return runs;
}

const due = '{"time":"<aws.scheduler.scheduled-time>"}';

test('a rate runs at once for the minute that has begun, then on whole minutes', async () => {
  expect(await runsOf('rate(5 minutes)', due)).toEqual([
    ['12:00:20', { time: '2026-11-20T12:00:00Z' }],
    ['12:05:00', { time: '2026-11-20T12:05:00Z' }],
    ['12:10:00', { time: '2026-11-20T12:10:00Z' }],
  ]);
});

test('a named hour waits for its time', async () => {
  expect(await runsOf('cron(7 12 * * ? *)', due)).toEqual([['12:07:00', { time: '2026-11-20T12:07:00Z' }]]);
});

test('what EventBridge Scheduler knows of a run takes the place of its name, anything else stays', async () => {
  const input =
    '{"by":"<aws.scheduler.schedule-arn>","try":"<aws.scheduler.attempt-number>","odd":"<aws.scheduler.nothing>"}';

  const [run] = await runsOf('rate(1 hour)', input);

  expect(run?.[1]).toEqual({ by: 'arn', try: '1', odd: '<aws.scheduler.nothing>' });
});

test.each([
  ['a rate leaves out', 'rate(1 minute)', ['2026-11-20T05:01:00Z', '2026-11-20T08:02:00Z']],
  ['a named hour makes up for', 'cron(30 6 * * ? *)', ['2026-11-20T06:30:00Z']],
])('%s what it missed while the machine slept', async (_case, expression, expected) => {
  const { clock } = testRuntime();
  await clock.advance(30_000);
  const runs: unknown[] = [];
  const run = (event: unknown) => runs.push((event as { time: string }).time);
  startSchedule({ arn: 'arn', recurrence: parseSchedule(expression, 'UTC'), input: due, run }, clock);
  await clock.advance(40_000);
  runs.splice(0, runs.length - 1);

  clock.sleep(3 * 3_600_000);
  await clock.advance(60_000);

  expect(runs).toEqual(expected);
});
