import { expect, test } from 'vitest';
import { parseSchedule } from '../../infra/local/schedule-expression.ts';

const iso = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString().replace(':00.000Z', 'Z');

test.each([
  ['rate(1 minute)', 'UTC', '2026-11-20T12:00Z', '2026-11-20T12:01Z'],
  ['rate(5 minutes)', 'UTC', '2026-11-20T12:01Z', '2026-11-20T12:05Z'],
  ['rate(1 hour)', 'UTC', '2026-11-20T12:01Z', '2026-11-20T13:00Z'],
  ['rate(1 day)', 'UTC', '2026-11-20T12:01Z', '2026-11-21T00:00Z'],
  ['cron(30 9 * * ? *)', 'UTC', '2026-11-20T12:00Z', '2026-11-21T09:30Z'],
  ['cron(30 9 * * ? *)', 'Europe/Berlin', '2026-11-20T07:00Z', '2026-11-20T08:30Z'],
  ['cron(30 9 * * ? *)', 'Europe/Berlin', '2026-06-20T07:00Z', '2026-06-20T07:30Z'],
  ['cron(30 9 * * ? *)', 'Asia/Kolkata', '2026-11-20T00:00Z', '2026-11-20T04:00Z'],
  ['cron(0/15 * * * ? *)', 'UTC', '2026-11-20T12:01Z', '2026-11-20T12:15Z'],
  ['cron(0 8 ? * MON-FRI *)', 'UTC', '2026-11-20T12:00Z', '2026-11-23T08:00Z'],
  ['cron(0 0 1 1 ? *)', 'UTC', '2026-11-20T12:00Z', '2027-01-01T00:00Z'],
  ['cron(0 0 29 FEB ? *)', 'UTC', '2026-11-20T12:00Z', '2028-02-29T00:00Z'],
  ['cron(0 0 1 1 ? 2020)', 'UTC', '2026-11-20T12:00Z', undefined],
])('%s in %s is next due after %s at %s', (expression, zone, from, next) => {
  expect(iso(parseSchedule(expression, zone).after(Date.parse(from)))).toBe(next);
});

test.each([
  ['at(2026-11-20T12:00:00)', /only rate\(…\) and cron\(…\) run locally/],
  ['rate(30 seconds)', /only rate/],
  ['cron(0 8 * *)', /six fields are needed, got 4/],
  ['cron(0 8 L * ? *)', /L is not within 1 to 31/],
  ['cron(0 25 * * ? *)', /25 is not within 0 to 23/],
])('%s is refused', (expression, message) => {
  expect(() => parseSchedule(expression, 'UTC')).toThrow(message);
});
