import { describe, expect, it, test } from 'vitest';
import { dueAfter } from '../../shared/heartbeats/schedule.ts';
import { heartbeatSettings } from '../../shared/monitors/heartbeat/settings.ts';

const next = (cron: string, zone: string, success: string) =>
  new Date(dueAfter(heartbeatSettings.parse({ cron, zone }), Date.parse(success))).toISOString();

describe('the next success is due', () => {
  test.each([
    ['daily', '0 3 * * *', 'UTC', '2026-11-20T03:01:00Z', '2026-11-21T03:00:00.000Z'],
    ['on working days', '0 3 * * MON-FRI', 'UTC', '2026-11-20T03:01:00Z', '2026-11-23T03:00:00.000Z'],
    ['on a leap day', '0 0 29 2 *', 'UTC', '2026-11-20T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['in the zone', '0 3 * * *', 'Asia/Kolkata', '2026-11-20T00:00:00Z', '2026-11-20T21:30:00.000Z'],
    [
      'after a start that was early by a second',
      '0 3 * * *',
      'UTC',
      '2026-11-20T02:59:59Z',
      '2026-11-21T03:00:00.000Z',
    ],
    [
      'right after the hour that spring skips',
      '30 2 * * *',
      'Europe/Madrid',
      '2026-03-28T02:00:00Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'as usual on the day after',
      '30 2 * * *',
      'Europe/Madrid',
      '2026-03-29T01:30:00Z',
      '2026-03-30T00:30:00.000Z',
    ],
    [
      'at the first of the two hours of autumn',
      '30 2 * * *',
      'Europe/Madrid',
      '2026-10-24T01:00:00Z',
      '2026-10-25T00:30:00.000Z',
    ],
    [
      'and not at the second',
      '30 2 * * *',
      'Europe/Madrid',
      '2026-10-25T00:31:00Z',
      '2026-10-26T01:30:00.000Z',
    ],
    [
      'every hour while clocks go back',
      '0 * * * *',
      'Europe/Madrid',
      '2026-10-25T00:01:00Z',
      '2026-10-25T01:00:00.000Z',
    ],
  ])('%s', (_, cron, zone, success, expected) => {
    expect(next(cron, zone, success)).toBe(expected);
  });

  it('a period after the last', () => {
    expect(dueAfter(heartbeatSettings.parse({ period: '2h' }), 1_000)).toBe(7_201_000);
  });
});

test.each([
  ['a day that never comes', { cron: '0 3 30 2 *' }, 'must be due some day'],
  ['seconds', { cron: '0 0 3 * * *' }, 'must be five cron fields'],
  ['a word', { cron: 'nightly' }, 'must be five cron fields'],
  ['an hour that there is not', { cron: '0 25 * * *' }, 'must be five cron fields'],
  ['a zone that there is not', { cron: '0 3 * * *', zone: 'Europe/Nowhere' }, 'must be an IANA time zone'],
  ['neither period nor schedule', {}, 'must be one with a period or with a cron schedule'],
  ['both', { period: '1d', cron: '0 3 * * *' }, 'must be one with a period or with a cron schedule'],
  ['less than a minute', { period: '30s' }, 'must be a duration from 1m to 366d'],
])('%s is refused', (_, settings, message) => {
  expect(heartbeatSettings.safeParse(settings).error?.issues[0]?.message).toContain(message);
});
