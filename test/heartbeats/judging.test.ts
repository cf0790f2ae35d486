import { expect, test } from 'vitest';
import { judgeHeartbeats } from '../../shared/heartbeats/judging.ts';
import { emptyRecord } from '../../shared/heartbeats/record.ts';
import { heartbeatShardsOf } from '../../shared/heartbeats/shards.ts';
import type { EmfDocument } from '../../shared/metrics/emf.ts';
import { serveHistoryTable } from '../support/history-table.ts';
import { heartbeat } from '../support/synthesis.ts';

const minute = 60_000;
const scheduled = Date.UTC(2026, 10, 20, 12);

test('74 of a heartbeat in a maintenance window the minute counts for nothing, and its alarm hears of it all the same', async () => {
  const table = await serveHistoryTable();
  const emitted: EmfDocument[] = [];
  const overdue = { ...emptyRecord, success: { at: scheduled - 3 * 86_400_000 } };
  const window = { id: 'move', monitors: ['backup'], from: scheduled - minute, to: scheduled, by: 'ana' };
  const ports = {
    ...table,
    readRecords: async () =>
      new Map([
        ['backup', overdue],
        ['import', overdue],
      ]),
    readWindows: async () => [window],
    emit: (document: EmfDocument) => void emitted.push(document),
  };
  const shards = heartbeatShardsOf({ monitors: [heartbeat('backup'), heartbeat('import')] });
  await judgeHeartbeats(ports, { name: 'acme', level: 'standard' }, shards, { scheduled, now: scheduled });

  const [slot] = await table.readSlots('pings', 'heartbeats-0', scheduled - minute, scheduled);
  expect(slot!.results).toEqual({ backup: ['maintenance', null], import: ['down', null] });
  const failed = emitted.flatMap(({ dimensions, values }) =>
    values.Failed === undefined ? [] : [`${dimensions.Monitor} ${values.Failed}`],
  );
  expect(failed).toEqual(['backup 1', 'import 1']);
});
