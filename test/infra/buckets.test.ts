import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, maxAlarms, moreStacks, mostAlarms, stacksFor } from '../../infra/buckets.ts';
import { configOf, monitor } from '../support/synthesis.ts';

const many = (count: number, more = {}) =>
  configOf(Array.from({ length: count }, (_, n) => monitor(`monitor-${n}`, more)));

const counts = fc.constantFrom(1, 2, 4, 8, 16);

describe('the bucket of an id', () => {
  it.each([
    // First bytes of their SHA-256: 11100011, 00010100, 00101100.
    ['', 32, 0b00111],
    ['api', 2, 0],
    ['api', 16, 0b1000],
    ['hello', 8, 0b100],
  ])('%j of %i is %i, by the first bits of its hash', (id, stacks, bucket) => {
    expect(bucketOf(id, stacks)).toBe(bucket);
  });

  it('is one of those there are, and stays the same', () => {
    fc.assert(
      fc.property(fc.string(), counts, (id, stacks) => {
        expect(bucketOf(id, stacks)).toBeLessThan(stacks);
        expect(bucketOf(id, stacks)).toBe(bucketOf(id, stacks));
      }),
    );
  });

  it('of twice as many is the same, or the new one that takes half of it', () => {
    fc.assert(
      fc.property(fc.string(), counts, (id, stacks) => {
        const before = bucketOf(id, stacks);
        expect([before, before + stacks]).toContain(bucketOf(id, 2 * stacks));
      }),
    );
  });
});

describe('the number of stacks', () => {
  it('that ten thousand monitors need is 32, each with room', () => {
    expect(stacksFor(many(10_000))).toBe(32);
    expect(mostAlarms(many(10_000), 32)).toBeLessThanOrEqual(maxAlarms);
  });

  it('counts every alarm: of being degraded, and of shards', () => {
    const degraded = { degraded: { failing: 3, of: 5, severity: 'warning' as const } };
    const alert = { failing: 2, of: 3, severity: 'critical' as const };
    expect(mostAlarms(many(10), 1)).toBe(11);
    expect(mostAlarms(many(10, { alert: { ...alert, ...degraded } }), 1)).toBe(21);
    expect(mostAlarms(many(10, { enabled: false }), 1)).toBe(0);
  });

  it('is told where there is one that suffices, and that there is none', () => {
    expect(moreStacks(many(450))).toMatch(/^write stacks: 2 into the config/);
    expect(moreStacks(many(14_000))).toMatch(/^move some monitors into a config file with a name of its own/);
  });
});
