import { describe, expect, it } from 'vitest';
import { bounded } from '../../shared/conditions/bounded.ts';

describe('bounded work', () => {
  it('gives its result, whatever that is', () => {
    expect(bounded(100, () => 'done')).toEqual({ result: 'done' });
    expect(bounded(100, () => undefined)).toEqual({ result: undefined });
  });

  it('is stopped when it never ends', () => {
    const forever = () => {
      for (;;);
    };
    expect(bounded(5, forever)).toBeUndefined();
    expect(bounded(5, () => /^(a|a)*$/.test(`${'a'.repeat(40)}!`))).toBeUndefined();
    expect(bounded(100, () => 'next')).toEqual({ result: 'next' });
  });

  it('is given the time in which the processor did something else', () => {
    const nothing = new Int32Array(new SharedArrayBuffer(4));
    expect(bounded(20, () => Atomics.wait(nothing, 0, 0, 50))).toEqual({ result: 'timed-out' });
  });

  it('throws what it throws', () => {
    const failing = () => {
      throw new RangeError('too deep');
    };
    expect(() => bounded(100, failing)).toThrow(RangeError);
  });
});
