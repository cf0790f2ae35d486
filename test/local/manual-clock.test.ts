import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createActivity } from '../../infra/local/activity.ts';
import { manualClock } from '../../infra/local/manual-clock.ts';

function clockAt(start: number) {
  const activity = createActivity();
  const thrown: unknown[] = [];
  return { activity, thrown, clock: manualClock(start, activity, (error) => thrown.push(error)) };
}

test('tasks run in order of time, then of registration, each at its own time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 20 }), fc.nat(60), async (times, until) => {
      const { clock } = clockAt(0);
      const ran: [task: number, at: number][] = [];
      times.forEach((time, task) => {
        clock.at(time + 1, () => void ran.push([task, clock.now()]));
      });

      await clock.advance(until);

      const expected = times
        .map((time, task): [number, number] => [task, time + 1])
        .filter(([, at]) => at <= until)
        .sort(([, a], [, b]) => a - b);
      expect(ran).toEqual(expected);
      expect(clock.now()).toBe(until);
    }),
  );
});

test('what a task makes due within the time is run as well', async () => {
  const { clock } = clockAt(0);
  const ran: number[] = [];
  const every = (period: number) =>
    clock.at(clock.now() + period, () => {
      ran.push(clock.now());
      every(period);
    });
  every(10);

  await clock.advance(35);

  expect(ran).toEqual([10, 20, 30]);
});

test('the clock stands while something is going on, and moves on when it waits for the clock', async () => {
  const { clock, activity } = clockAt(0);
  const seen: number[] = [];
  clock.at(10, () => {
    const end = activity.begin();
    setTimeout(() => {
      seen.push(clock.now());
      end();
    }, 20);
  });
  clock.at(11, () => void seen.push(clock.now()));

  await clock.advance(100);

  expect(seen).toEqual([10, 11]);
});

test('a cancelled task does not run, a task that throws is reported, the rest goes on', async () => {
  const { clock, thrown } = clockAt(0);
  const ran: string[] = [];
  clock.at(5, () => void ran.push('cancelled')).cancel();
  clock.at(6, () => {
    throw 'broken';
  });
  clock.at(7, () => void ran.push('last'));

  await clock.advance(10);

  expect({ ran, thrown }).toEqual({ ran: ['last'], thrown: ['broken'] });
});

test('what is due already runs without the clock being moved', async () => {
  const { clock, activity } = clockAt(100);
  const ran: number[] = [];
  clock.at(50, () => void ran.push(clock.now()));

  await activity.settled();

  expect(ran).toEqual([100]);
});

test('two who move the clock at once move it one after the other', async () => {
  const { clock } = clockAt(0);

  await Promise.all([clock.advance(10), clock.advance(10)]);

  expect(clock.now()).toBe(20);
});
