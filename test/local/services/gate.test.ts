import { expect, it } from 'vitest';
import { createGate } from '../../../infra/local/services/gate.ts';

/** Work that says when it begins and ends, and ends when told. */
function work(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = async () => {
    log.push(`${name} begins`);
    await promise;
    log.push(`${name} ends`);
  };
  return { run, end: resolve };
}
const settled = () => new Promise(setImmediate);

it('lets those who share in together, and one alone only after them and before later ones', async () => {
  const log: string[] = [];
  const gate = createGate();
  const [a, b, alone, late] = ['a', 'b', 'alone', 'late'].map((name) => work(log, name)) as [
    ReturnType<typeof work>,
    ReturnType<typeof work>,
    ReturnType<typeof work>,
    ReturnType<typeof work>,
  ];
  const all = [gate.shared(a.run), gate.shared(b.run)];
  await settled();
  all.push(gate.alone(alone.run), gate.shared(late.run));
  for (const { end } of [b, a, alone, late]) {
    await settled();
    end();
  }
  await Promise.all(all);

  expect(log).toEqual([
    'a begins',
    'b begins',
    'b ends',
    'a ends',
    'alone begins',
    'alone ends',
    'late begins',
    'late ends',
  ]);
});

it('opens again after one that failed', async () => {
  const gate = createGate();

  await expect(gate.alone(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await gate.shared(async () => 'in')).toBe('in');
  expect(await gate.alone(async () => 'alone')).toBe('alone');
});
