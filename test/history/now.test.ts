import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NowItem } from '../../shared/history/history.ts';
import { applyBatch, countObserved, recentSlots } from '../../shared/history/now.ts';
import { packNow, unpackNow } from '../../shared/history/packing.ts';
import type { Outcome } from '../../shared/monitors/observation.ts';

const start = Date.UTC(2026, 10, 20, 12);
const every = 10_000;

const batch = (n: number, outcomes: Record<string, Outcome>) => ({
  version: 1 as const,
  location: 'home',
  shard: '10s-0',
  slot: start + n * every,
  observations: Object.entries(outcomes).map(([monitor, outcome]) => ({
    monitor,
    at: start + n * every,
    outcome,
    responseTime: 12.34,
  })),
});

const stateAfter = (...outcomes: Outcome[]) =>
  outcomes.reduce<NowItem | undefined>(
    (now, web, n) => applyBatch(now, batch(n, { web }), every) ?? now,
    undefined,
  )!;

describe('the state of a shard', () => {
  it('knows since when a monitor has its outcome', () => {
    expect(stateAfter('up', 'up', 'down', 'down').monitors.web).toMatchObject({
      outcome: 'down',
      since: start + 2 * every,
      downAt: start + 3 * every,
    });
  });

  it('keeps what the target last said of its parts, through the table', () => {
    const components = [
      { name: 'cache', outcome: 'down' as const, message: 'refused' },
      { name: 'database', outcome: 'up' as const, latency: 4 },
    ];
    const [observation] = batch(0, { web: 'degraded' }).observations;
    const observations = [{ ...observation!, components, note: 'odd' }];
    const now = unpackNow(packNow(applyBatch(undefined, { ...batch(0, {}), observations }, every)!));
    expect(now.monitors.web).toMatchObject({
      degradedAt: start,
      components: [
        ['cache', 'down', null],
        ['database', 'up', 4],
      ],
      note: 'odd',
    });
    expect(applyBatch(now, batch(1, { web: 'up' }), every)!.monitors.web).not.toHaveProperty('components');
  });

  it('counts a monitor as observed whose registry tells nothing, and not one that we failed to check', () => {
    const observations = [
      { monitor: 'domain', at: start, outcome: 'unknown' as const, reason: 'expiry-unknown' as const },
      { monitor: 'web', at: start, outcome: 'unknown' as const, reason: 'probe-error' as const },
    ];
    const now = applyBatch(undefined, { ...batch(0, {}), observations }, every)!;
    expect(countObserved(now, ['domain', 'web'])).toBe(1);
  });

  it('does not change for a batch that is not newer', () => {
    const now = stateAfter('up', 'down');
    expect(applyBatch(now, batch(1, { web: 'up' }), every)).toBeUndefined();
    expect(applyBatch(now, batch(0, { web: 'up' }), every)).toBeUndefined();
  });

  it('keeps the latest slots and no more', () => {
    const { recent } = stateAfter(...Array<Outcome>(recentSlots + 5).fill('up')).monitors.web!;
    expect(recent).toHaveLength(recentSlots);
    expect(recent.at(-1)).toEqual([start + (recentSlots + 4) * every, 'up', 12]);
  });

  it('survives being packed for the table, gaps included', () => {
    const outcome = fc.constantFrom<Outcome>('up', 'degraded', 'down', 'unknown');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), outcome), { minLength: 1 }), (steps) => {
        let n = 0;
        let now: NowItem | undefined;
        for (const [step, web] of steps) {
          n += step;
          now = applyBatch(now, batch(n, { web }), every);
        }
        expect(unpackNow(packNow(now!))).toEqual(now);
      }),
    );
  });

  it('packs 50 monitors with all their recent slots into less than 4 kB, which a write is billed by', () => {
    const outcomes = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`monitor-${n}`, 'up' as const]),
    );
    let now: NowItem | undefined;
    for (let n = 0; n < recentSlots; n++) now = applyBatch(now, batch(n, outcomes), every);
    expect(packNow(now!).monitors.byteLength).toBeLessThan(4 * 1_024);
  });
});

describe('the number of observed monitors', () => {
  it.each<[string, Outcome[], number]>([
    ['one that is up', ['up'], 1],
    ['one that is down: being down is known', ['down'], 1],
    ['one that was never known', ['unknown', 'unknown'], 0],
    ['one last known two slots ago', ['up', 'unknown', 'unknown'], 1],
    ['one last known three slots ago', ['up', 'unknown', 'unknown', 'unknown'], 0],
  ])('of %s', (_, outcomes, count) => {
    expect(countObserved(stateAfter(...outcomes), ['web'])).toBe(count);
  });

  it('does not count monitors that the shard no longer has, nor those never seen', () => {
    expect(countObserved(stateAfter('up'), ['other'])).toBe(0);
  });
});
