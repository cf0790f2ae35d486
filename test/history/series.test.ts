import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayMs, emptyBucket, hourMs } from '../../shared/history/fold.ts';
import type { RollupBucket, RollupItem } from '../../shared/history/history.ts';
import { hoursFrom, slicesOf, summarizeWindow } from '../../shared/history/series.ts';

const now = Date.UTC(2026, 10, 20, 5, 10);
const border = Date.UTC(2026, 10, 19);
const minute = 60_000;

const bucket = (more: Partial<RollupBucket>): RollupBucket => ({ ...emptyBucket(), ...more });

/** An hour with the same in each of its twelve parts. */
const hour = (start: number, part: Partial<RollupBucket>): RollupItem => ({
  shard: 's',
  start,
  monitors: { website: Array.from({ length: 12 }, () => bucket(part)) },
});

const day = (start: number, part: Partial<RollupBucket>): RollupItem => ({
  shard: 's',
  start,
  monitors: { website: Array.from({ length: 24 }, () => bucket(part)) },
});

const fullHours = (from: number, part: Partial<RollupBucket> = { up: 5 * minute }) =>
  Array.from({ length: Math.ceil((now - from) / hourMs) }, (_, n) => hour(from + n * hourMs, part));

describe('slices', () => {
  it('come from hours for today and yesterday and from days before, none of them twice', () => {
    const hours = [...fullHours(border), hour(border - hourMs, { up: 1 })];
    const days = [day(border - dayMs, { up: hourMs }), day(border, { up: 2 })];
    const slices = slicesOf({ hours, days }, 'website', now - 7 * dayMs, now);
    expect(slices.filter(({ lengthMs }) => lengthMs === hourMs)).toHaveLength(24);
    expect(slices.every(({ bucket: { up } }) => up === hourMs || up === 5 * minute)).toBe(true);
    expect(slices.map(({ at }) => at)).toEqual(slices.map(({ at }) => at).toSorted());
  });

  it('are those that touch the window', () => {
    const slices = slicesOf({ hours: fullHours(border), days: [] }, 'website', now - 12 * minute, now);
    expect(slices.map(({ at }) => (now - at) / minute)).toEqual([15, 10, 5]);
  });

  it('of a monitor without any are none', () => {
    expect(slicesOf({ hours: fullHours(border), days: [] }, 'other', border, now)).toEqual([]);
  });
});

it('needs hours for at least the last 24 and never for more than two days', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (at) => {
      const age = at - hoursFrom(at);
      expect(age).toBeGreaterThanOrEqual(dayMs);
      expect(age).toBeLessThan(2 * dayMs);
      expect(Math.abs(hoursFrom(at) % dayMs)).toBe(0);
    }),
  );
});

describe('a window', () => {
  it('prints no uptime without data', () => {
    const summary = summarizeWindow({ hours: [], days: [] }, 'website', '24h', now);
    expect(summary).toEqual({ uptime: '—', coverage: '0.0', downMs: 0 });
  });

  it('counts what was down, and says how much of it is known', () => {
    const hours = [hour(now - 10 * minute - hourMs, { up: 4 * minute, down: minute })];
    const summary = summarizeWindow({ hours, days: [] }, 'website', '24h', now);
    expect(summary).toMatchObject({ uptime: '80.000', coverage: '4.1', downMs: 12 * minute });
  });

  it('averages answers, not parts', () => {
    const start = Date.UTC(2026, 10, 20, 4);
    const hours: RollupItem[] = [
      {
        shard: 's',
        start,
        monitors: {
          website: [
            bucket({ up: 1, answers: 9, responseSum: 900, responseMax: 120 }),
            bucket({ up: 1, answers: 1, responseSum: 1_100, responseMax: 1_100 }),
          ],
        },
      },
    ];
    expect(summarizeWindow({ hours, days: [] }, 'website', '24h', now)).toMatchObject({
      responseTimeAverage: 200,
      responseTimeMax: 1_100,
    });
  });
});
