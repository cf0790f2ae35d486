import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestRun, slotsOfInvocation } from '../../shared/monitors/slots.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const clock = (slots: number[]) => slots.map((slot) => new Date(slot).toISOString().slice(11, 19));

describe('the slots of an invocation', () => {
  it.each([
    {
      name: 'every 10 s, on time',
      every: 10_000,
      late: 300,
      slots: ['12:00:00', '12:00:10', '12:00:20', '12:00:30', '12:00:40', '12:00:50'],
    },
    { name: 'every 20 s, on time', every: 20_000, late: 0, slots: ['12:00:00', '12:00:20', '12:00:40'] },
    { name: 'every 30 s, on time', every: 30_000, late: 0, slots: ['12:00:00', '12:00:30'] },
    {
      name: 'every 10 s, 25 s late',
      every: 10_000,
      late: 25_000,
      slots: ['12:00:20', '12:00:30', '12:00:40', '12:00:50'],
    },
    { name: 'every 10 s, after its minute', every: 10_000, late: 65_000, slots: [] },
    { name: 'every minute, on time', every: 60_000, late: 900, slots: ['12:00:00'] },
    { name: 'every minute, 50 s late', every: 60_000, late: 50_000, slots: ['12:00:00'] },
    { name: 'every 5 minutes', every: 300_000, late: 900, slots: ['12:00:00'] },
  ])('$name', ({ every, late, slots }) => {
    expect(clock(slotsOfInvocation(noon, every, noon + late))).toEqual(slots);
  });

  it('start where the schedule meant, whatever second it names', () => {
    expect(clock(slotsOfInvocation(noon + 59_000, 30_000, noon))).toEqual(['12:00:00', '12:00:30']);
    expect(clock(slotsOfInvocation(noon + 90_000, 300_000, noon + 90_000))).toEqual(['12:00:00']);
  });

  it('of consecutive minutes cover every slot once, without overlap', () => {
    fc.assert(
      fc.property(fc.constantFrom(10_000, 20_000, 30_000, 60_000), fc.nat(9_999), (every, late) => {
        const slots = [0, 1, 2].flatMap((minute) => {
          const scheduled = noon + minute * 60_000;
          return slotsOfInvocation(scheduled, every, scheduled + late);
        });
        const expected = Array.from({ length: 180_000 / every }, (_, k) => noon + k * every);
        expect(slots).toEqual(expected);
      }),
    );
  });
});

describe('the longest an invocation checks', () => {
  it.each([
    [
      'every 10 s: until the last slot at 50 s, two looks of 5 s and the pause between them',
      10_000,
      [5_000],
      61_000,
    ],
    ['every 30 s', 30_000, [1_000, 15_000], 61_000],
    ['every minute', 60_000, [10_000, 30_000], 61_000],
    ['every 5 minutes with the longest timeout there is', 300_000, [60_000], 121_000],
  ])('%s', (_, every, timeouts, expected) => {
    expect(longestRun(every, timeouts)).toBe(expected);
  });
});
