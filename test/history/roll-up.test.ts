import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, sumBuckets } from '../../shared/history/fold.ts';
import { foldRollups } from '../../shared/history/roll-up.ts';
import type { Outcome } from '../../shared/monitors/observation.ts';
import { serveHistoryTable } from '../support/history-table.ts';
import { aConfig, aMonitor } from '../support/monitor.ts';

const day = Date.UTC(2026, 10, 20);
const minute = 60_000;

async function history() {
  const table = await serveHistoryTable();
  const totals = async (period: 'HOUR' | 'DAY', from: number, to: number) => {
    const rollups = await table.readRollups(period, '60s-0', from, to);
    return rollups.map(({ start, monitors }) => [start, sumBuckets(monitors.web!)] as const);
  };
  return {
    table,
    totals,
    fold: (now: number) => foldRollups(table, aConfig(), now),
    slots: async (from: number, to: number, outcome: Outcome) => {
      for (let slot = from; slot < to; slot += minute)
        await table.putSlot('home', '60s-0', { slot, every: minute, results: { web: [outcome, 20] } });
    },
  };
}

describe('folding', () => {
  it('counts a failure where those that were asked saw it as well, and not where nobody did', async () => {
    const { table, slots, totals } = await history();
    const monitors = [aMonitor({ quorum: 2, confirmFrom: ['frankfurt'] })];
    const config = aConfig({ locations: [{ id: 'home' }, { id: 'frankfurt' }], monitors });
    const asked = (slot: number, outcome: Outcome) =>
      table.putSlot('frankfurt', 'confirm-home-60s-0', {
        slot,
        every: minute,
        results: { web: [outcome, null] },
      });
    await slots(day, day + 3 * minute, 'down');
    await asked(day, 'down');
    await asked(day + minute, 'up');
    await slots(day + 3 * minute, day + 5 * minute, 'up');

    await foldRollups(table, config, day + 5 * minute);

    const expected = { down: minute, up: 3 * minute, unknown: minute };
    expect(await totals('HOUR', day, day + dayMs)).toMatchObject([[day, expected]]);
  });

  it('brings slots into their hour and the hour into its day', async () => {
    const { slots, fold, totals } = await history();
    await slots(day, day + 30 * minute, 'up');
    await slots(day + 30 * minute, day + 40 * minute, 'down');

    await fold(day + 40 * minute);

    const expected = { up: 30 * minute, down: 10 * minute, unknown: 0, answers: 40 };
    expect(await totals('HOUR', day, day + dayMs)).toMatchObject([[day, expected]]);
    expect(await totals('DAY', day, day + dayMs)).toMatchObject([[day, expected]]);
  });

  it('is done at most every five minutes, and again when a new hour begins', async () => {
    const { slots, fold, table } = await history();
    await slots(day, day + minute, 'up');

    await fold(day + minute);
    await fold(day + 5 * minute);
    expect(await table.readFolded('60s-0')).toBe(day + minute);
    await fold(day + 6 * minute);
    expect(await table.readFolded('60s-0')).toBe(day + 6 * minute);
    await fold(day + 58 * minute);
    await fold(day + 61 * minute);
    expect(await table.readFolded('60s-0')).toBe(day + 61 * minute);
  });

  it('of a new shard begins with its first slot', async () => {
    const { slots, fold, totals } = await history();
    await fold(day);
    await slots(day, day + minute, 'up');

    await fold(day + minute);

    expect(await totals('HOUR', day, day + hourMs)).toMatchObject([[day, { up: minute }]]);
  });

  it('takes a batch that came ten minutes late into the hour that was already folded', async () => {
    const { slots, fold, totals } = await history();
    await slots(day, day + 59 * minute, 'up');
    await fold(day + hourMs);

    await slots(day + 59 * minute, day + hourMs, 'down');
    await fold(day + hourMs + 5 * minute);

    expect(await totals('HOUR', day, day + hourMs)).toMatchObject([[day, { up: 59 * minute, down: minute }]]);
  });

  it('catches up after hours without a fold', async () => {
    const { slots, fold, totals } = await history();
    await slots(day, day + minute, 'up');
    await fold(day + minute);
    await slots(day + minute, day + 3 * hourMs, 'up');

    await fold(day + 3 * hourMs + minute);

    const hours = await totals('HOUR', day, day + dayMs);
    expect(hours.map(([start, { up }]) => [start, up])).toEqual(
      [0, 1, 2].map((n) => [day + n * hourMs, hourMs]),
    );
    expect(await totals('DAY', day, day + dayMs)).toMatchObject([[day, { up: 3 * hourMs }]]);
  });

  it('of the same slots again changes nothing', async () => {
    const { slots, fold, table } = await history();
    await slots(day, day + 10 * minute, 'up');
    await fold(day + 10 * minute);
    const before = await table.readRollups('HOUR', '60s-0', day, day + hourMs);

    await fold(day + 20 * minute);

    expect(await table.readRollups('HOUR', '60s-0', day, day + hourMs)).toEqual(before);
  });
});
