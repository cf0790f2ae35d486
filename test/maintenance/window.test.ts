import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type MaintenanceWindow,
  parseWallTime,
  periodsFrom,
  type StartedWindow,
  windowAt,
} from '../../shared/maintenance/window.ts';
import { wallTimeAt } from '../../shared/wall-time.ts';

const hour = 3_600_000;

const window = (more: Partial<MaintenanceWindow>): MaintenanceWindow => ({
  id: 'nightly',
  monitors: ['website'],
  match: [],
  begins: { cron: '0 2 * * *' },
  zone: 'Europe/Madrid',
  duration: hour,
  ...more,
});

const at = (iso: string) => Date.parse(iso);

/** The next times from a moment on, as ISO, from and to. */
const times = (more: Partial<MaintenanceWindow>, from: string, count = 3) =>
  periodsFrom(window(more), at(from), count).map((period) => [
    new Date(period.from).toISOString().slice(0, 16),
    new Date(period.to).toISOString().slice(0, 16),
  ]);

describe('69 a window over a change of the clocks', () => {
  test.each([
    [
      'begins when the clocks jump over its beginning, in the north',
      'Europe/Madrid',
      '30 2 * * *',
      '2026-03-29T00:30Z',
      '2026-03-29T01:00',
    ],
    ['likewise in the south', 'Australia/Sydney', '30 2 * * *', '2026-10-03T14:00Z', '2026-10-03T16:00'],
    [
      'begins once, the first time, when an hour comes twice, in the north',
      'Europe/Madrid',
      '30 2 * * *',
      '2026-10-24T23:00Z',
      '2026-10-25T00:30',
    ],
    ['likewise in the south', 'Australia/Sydney', '30 2 * * *', '2026-04-04T14:00Z', '2026-04-04T15:30'],
    [
      'keeps its time in a zone whose clocks never change',
      'Asia/Kolkata',
      '30 2 * * *',
      '2026-03-28T22:00Z',
      '2026-03-29T21:00',
    ],
    [
      'knows zones that are three quarters of an hour off',
      'Asia/Kathmandu',
      '0 2 * * *',
      '2026-03-29T00:00Z',
      '2026-03-29T20:15',
    ],
    [
      'knows a zone whose clocks jump by half an hour',
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-03T14:00Z',
      '2026-10-03T15:30',
    ],
    ['knows a zone by its old name', 'Asia/Calcutta', '30 2 * * *', '2026-03-28T22:00Z', '2026-03-29T21:00'],
  ])('%s', (_, zone, cron, from, first) => {
    expect(times({ zone, begins: { cron } }, from)[0]![0]).toBe(first);
  });

  test('the day has no second window in the hour that comes twice', () => {
    expect(times({ begins: { cron: '30 2 * * *' } }, '2026-10-24T12:00Z').map(([from]) => from)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
      '2026-10-27T01:30',
    ]);
  });

  test('beginnings that fall into one jump are one', () => {
    expect(
      times({ begins: { cron: '*/20 2 * * *' }, duration: 60_000 }, '2026-03-29T00:00Z').map(
        ([from]) => from,
      ),
    ).toEqual(['2026-03-29T01:00', '2026-03-30T00:00', '2026-03-30T00:20']);
  });

  test('it lasts its elapsed time, whatever the clocks do meanwhile', () => {
    const begins = { cron: '0 1 * * *' };
    expect(times({ begins, duration: 4 * hour }, '2026-03-28T12:00Z', 2)).toEqual([
      ['2026-03-29T00:00', '2026-03-29T04:00'],
      ['2026-03-29T23:00', '2026-03-30T03:00'],
    ]);
    expect(times({ begins, duration: 4 * hour }, '2026-10-24T12:00Z', 1)).toEqual([
      ['2026-10-24T23:00', '2026-10-25T03:00'],
    ]);
  });
});

describe('70 days that not every month has', () => {
  test.each([
    ['the 31st', '0 2 31 * *', ['2026-01-31', '2026-03-31', '2026-05-31']],
    ['the 29th of February', '0 2 29 2 *', ['2028-02-29', '2032-02-29', '2036-02-29']],
    ['the last day', '0 2 L * *', ['2026-01-31', '2026-02-28', '2026-03-31']],
  ])('%s', (_, cron, days) => {
    const found = times({ zone: 'UTC', begins: { cron } }, '2026-01-01T00:00Z').map(([from]) =>
      from!.slice(0, 10),
    );
    expect(found).toEqual(days);
  });
});

test('71 a window may end on the next day', () => {
  const late = window({ zone: 'UTC', begins: { cron: '0 23 * * 5' }, duration: 3 * hour });
  const state = (iso: string) => windowAt([late], 'website', at(iso)) !== undefined;
  expect(
    ['2026-11-20T22:59Z', '2026-11-20T23:00Z', '2026-11-21T01:59Z', '2026-11-21T02:00Z'].map(state),
  ).toEqual([false, true, true, false]);
});

test.each([
  '2026-12-01T24:00',
  '2026-12-01T99:99',
  '2026-02-30T10:00',
  '2026-12-01',
  '2026-12-01T10:00:00',
  'tomorrow',
])('71 %s is no wall time', (text) => {
  expect(parseWallTime(text)).toBeUndefined();
});

test('one that is to be once is once', () => {
  const once = { begins: { at: '2026-12-01T22:00' }, zone: 'America/New_York', duration: 2 * hour };
  expect(times(once, '2026-11-20T00:00Z')).toEqual([['2026-12-02T03:00', '2026-12-02T05:00']]);
  expect(times(once, '2026-12-02T05:00Z')).toEqual([]);
});

test('it is of its monitors alone, and of several windows the one that ends last', () => {
  const started: StartedWindow = {
    id: 'deploy',
    monitors: ['website'],
    from: at('2026-11-20T02:30Z'),
    to: at('2026-11-20T05:00Z'),
    by: 'ana',
    comment: 'moving',
  };
  const windows = [window({ zone: 'UTC', duration: 2 * hour }), started];
  const seen = windowAt(windows, 'website', at('2026-11-20T03:00Z'));
  expect(seen).toEqual({ from: started.from, to: started.to, id: 'deploy', comment: 'moving' });
  expect(windowAt(windows, 'website', at('2026-11-20T02:15Z'))?.id).toBe('nightly');
  expect(windowAt(windows, 'website', at('2026-11-20T05:00Z'))).toBeUndefined();
  expect(windowAt(windows, 'api', at('2026-11-20T03:00Z'))).toBeUndefined();
});

test('every window begins when the clocks show its time, or jump over it, and lasts as long as it says', () => {
  const zones = [
    'Europe/Madrid',
    'America/New_York',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'Asia/Tokyo',
    'America/Havana',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: at('2024-01-01T00:00Z'), max: at('2030-01-01T00:00Z') }),
      fc.integer({ min: 1, max: 20 * 60 }),
      (zone, hours, minutes, from, length) => {
        const one = window({
          zone,
          begins: { cron: `${minutes} ${hours} * * *` },
          duration: length * 60_000,
        });
        const [first, second] = periodsFrom(one, from, 2);
        const shown = (instant: number) => new Date(wallTimeAt(zone, instant));
        for (const { from: begins, to } of [first!, second!]) {
          expect(to - begins).toBe(one.duration);
          const wall = shown(begins);
          const minutesOff = wall.getUTCHours() * 60 + wall.getUTCMinutes() - (hours * 60 + minutes);
          // Later than its time only right behind a jump of the clocks.
          if (minutesOff !== 0)
            expect(shown(begins).getTime() - shown(begins - 1).getTime()).toBeGreaterThan(1);
          expect(windowAt([one], 'website', begins)).toMatchObject({ from: begins, to });
          expect(windowAt([one], 'website', to - 1)).toMatchObject({ from: begins, to });
          expect(windowAt([one], 'website', begins - 1)?.from).not.toBe(begins);
          expect(windowAt([one], 'website', to)?.from).not.toBe(begins);
        }
      },
    ),
    { numRuns: 200 },
  );
});
