import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../shared/monitors/at-once.ts';

/** Work that ends when it is told to. */
const pending = () => Promise.withResolvers<void>();

describe('many checks at once', () => {
  it('give their results in the order of their monitors, whatever order they end in', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3 }), { maxLength: 250 }), async (turns) => {
        const results = await atOnce([...turns.entries()], async ([n, turnsToTake]) => {
          for (let turn = 0; turn < turnsToTake; turn++)
            await new Promise((resolve) => setImmediate(resolve));
          return n;
        });
        expect(results).toEqual([...turns.keys()]);
      }),
      { numRuns: 20 },
    ));

  it('are a hundred at work, and the next begins where one has ended', async () => {
    const gates = Array.from({ length: 102 }, pending);
    const begun: number[] = [];
    const all = atOnce([...gates.keys()], (n) => {
      begun.push(n);
      return gates[n]!.promise;
    });
    expect(begun).toHaveLength(100);
    gates[57]!.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun.slice(100)).toEqual([100]);
    for (const { resolve } of gates) resolve();
    await all;
    expect(begun).toHaveLength(102);
  });

  it('wait for none that is silent: it gives its place to another after a moment', async () => {
    const silent = pending();
    const others = pending();
    let left = 50;
    const all = atOnce([...Array(250).keys()], async (n) => {
      if (n < 200) return silent.promise;
      if (--left === 0) others.resolve();
    });
    // Two hundred silent ones come first, and end only when all others have.
    await others.promise;
    silent.resolve();
    await all;
  });

  it('are never more than five hundred, however many are silent', async () => {
    const gates: ReturnType<typeof pending>[] = [];
    let most = 0;
    let open = 0;
    await atOnce([...Array(700).keys()], async () => {
      const gate = pending();
      most = Math.max(most, ++open);
      if (gates.push(gate) === 500) for (const { resolve } of gates) resolve();
      if (gates.length <= 500) await gate.promise;
      open--;
    });
    expect(most).toBe(500);
  });

  it('tell of an error only when all have ended', async () => {
    const ended: number[] = [];
    const all = atOnce([1, 2, 3], async (n) => {
      if (n === 1) throw new Error('out of memory');
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(n);
    });
    await expect(all).rejects.toThrow('out of memory');
    expect(ended).toEqual([2, 3]);
  });
});
