import { expect, test } from 'vitest';
import { silenceTable } from '../../shared/aws/silence-table.ts';
import { windowTable } from '../../shared/aws/window-table.ts';
import type { StartedWindow } from '../../shared/maintenance/window.ts';
import type { Silence } from '../../shared/silences/silence.ts';
import { serveTable } from '../support/history-table.ts';

const now = Date.UTC(2026, 10, 20, 12);

const silence = (id: string, more: Partial<Silence> = {}): Silence => ({
  id,
  matchers: [{ label: 'équipe "A"', operator: '=~', values: ['a|b'] }],
  startsAt: now,
  endsAt: now + 3_600_000,
  by: 'ana',
  comment: '',
  updatedAt: now,
  ...more,
});

const newTable = async () => silenceTable(await serveTable(), 'history', async () => undefined);

test('silences are read as they were written', async () => {
  const { putSilences, readSilence, readSilences } = await newTable();
  expect(await putSilences([silence('one'), silence('two')], [])).toBe(true);
  expect(await readSilence('one')).toEqual(silence('one'));
  expect(await readSilences()).toEqual([silence('one'), silence('two')]);
  expect(await readSilence('three')).toBeUndefined();
});

test('of two who change a silence, one is told to read again; what goes together is written together', async () => {
  const { putSilences, readSilences } = await newTable();
  await putSilences([silence('one')], []);
  const later = silence('one', { comment: 'longer', updatedAt: now + 1 });
  expect(await putSilences([later], [silence('one')])).toBe(true);
  expect(
    await putSilences(
      [silence('new'), silence('one', { endsAt: now, updatedAt: now + 2 })],
      [silence('one')],
    ),
  ).toBe(false);
  expect(await putSilences([silence('one')], [])).toBe(false);
  expect(await readSilences()).toEqual([later]);
});

test('of a window the last that was written is read', async () => {
  const { putWindow, readWindows } = windowTable(await serveTable(), 'history');
  const window: StartedWindow = {
    id: 'move',
    monitors: ['website'],
    from: now,
    to: now + 3_600_000,
    by: 'ana',
  };
  await putWindow(window);
  await putWindow({ ...window, to: now + 1 });
  expect(await readWindows()).toEqual([{ ...window, to: now + 1 }]);
});
