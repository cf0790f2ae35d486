import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordBatch } from '../../shared/history/record.ts';
import type { EmfDocument } from '../../shared/metrics/emf.ts';
import type { Observation, ObservationBatch, Outcome } from '../../shared/monitors/observation.ts';
import type { ConfirmEvent } from '../../shared/monitors/probe-event.ts';
import { serveHistoryTable } from '../support/history-table.ts';
import { aMonitor } from '../support/monitor.ts';

const noon = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;

const batch = (n: number, outcome: Outcome, details: Partial<Observation> = {}): ObservationBatch => ({
  version: 1,
  location: 'home',
  shard: '60s-0',
  slot: noon + n * minute,
  observations: [{ monitor: 'web', at: noon + n * minute, outcome, responseTime: 20, ...details }],
});

/** Records into a real table, and keeps what was emitted. */
async function recorder() {
  const table = await serveHistoryTable();
  const emitted: EmfDocument[] = [];
  const shard = { every: minute, monitors: new Map([['web', aMonitor()]]) };
  const ports = { ...table, emit: (document: EmfDocument) => emitted.push(document) };
  return {
    table,
    record: (batch: ObservationBatch, paused: string[] = [], worked: string[] = []) =>
      recordBatch(
        ports,
        { name: 'acme', level: 'standard' },
        { ...shard, paused, inMaintenance: new Set(worked) },
        batch,
      ),
    votes: () =>
      emitted
        .filter(({ values }) => values.Failed !== undefined)
        .map(({ at, values }) => [at, values.Failed]),
    observed: () => emitted.flatMap(({ values }) => values.Observed ?? []),
  };
}

describe('a picture of a page', () => {
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
  const failing = batch(0, 'down', { screenshot: jpeg.toString('base64') });

  it('is kept as an item of its own, and evidence only says that there is one', async () => {
    const { record, table } = await recorder();

    await record(failing);
    await record(failing);

    const [evidence] = await table.readEvidence('web');
    expect(evidence?.observation).toMatchObject({ hasScreenshot: true });
    expect(evidence?.observation).not.toHaveProperty('screenshot');
    expect(Buffer.from((await table.readScreenshot('web', 'home', noon))!)).toEqual(jpeg);
    expect(await table.readScreenshot('web', 'elsewhere', noon)).toBeUndefined();
    expect(await table.readScreenshot('web', 'home', noon + 1)).toBeUndefined();
  });

  it('is kept of a run that was asked for as well', async () => {
    const { record, table } = await recorder();
    await table.putRun({ id: 'run-1', monitor: 'web', locations: ['home'], at: noon, by: 'Ada' });

    await record({ ...failing, requestId: 'run-1' });

    const run = await table.readRun('run-1');
    expect(run?.results[0]?.observation).toMatchObject({ hasScreenshot: true });
    expect(await table.readScreenshot('web', 'home', noon)).toBeDefined();
  });
});

describe('a run that was asked for', () => {
  const run = { ...batch(0, 'up'), requestId: 'run-1' };
  const request = { id: 'run-1', monitor: 'web', locations: ['home'], at: noon, by: 'Ada' };

  it('is kept as it was seen, up or paused, and counts for nothing', async () => {
    const { record, table, votes, observed } = await recorder();
    await table.putRun(request);
    expect(await table.readRun('run-1')).toEqual({ ...request, results: [] });

    await record(run, ['web']);
    await record(run, ['web']);

    expect(await table.readRun('run-1')).toEqual({
      ...request,
      results: [{ location: 'home', slot: noon, observation: run.observations[0] }],
    });
    expect([votes(), observed(), await table.readNow('home', '60s-0')]).toEqual([[], [], undefined]);
    expect(await table.readSlots('home', '60s-0', noon, noon + minute)).toEqual([]);
    expect(await table.readEvidence('web')).toEqual([]);
  });

  it('is not there without somebody who asked, nor what it saw of a monitor that is gone', async () => {
    const { record, table } = await recorder();
    await record(run);
    expect(await table.readRun('run-1')).toBeUndefined();
    await table.putRun({ ...request, id: 'run-2' });
    await record({
      ...run,
      requestId: 'run-2',
      observations: [{ ...run.observations[0]!, monitor: 'gone' }],
    });
    expect((await table.readRun('run-2'))!.results).toEqual([]);
  });
});

describe('recording a batch', () => {
  it('writes the slot, the state, and one vote at the time of the slot', async () => {
    const { record, table, votes, observed } = await recorder();

    await record(batch(0, 'up'));

    expect(await table.readSlots('home', '60s-0', noon, noon + minute)).toEqual([
      { slot: noon, every: minute, results: { web: ['up', 20] } },
    ]);
    expect((await table.readNow('home', '60s-0'))?.monitors.web).toMatchObject({
      outcome: 'up',
      since: noon,
    });
    expect(votes()).toEqual([[noon, 0]]);
    expect(observed()).toEqual([1]);
  });

  it('votes once, however often it is delivered', async () => {
    const { record, votes } = await recorder();

    await Promise.all([record(batch(0, 'down')), record(batch(0, 'down'))]);
    await record(batch(0, 'down'));

    expect(votes()).toEqual([[noon, 1]]);
  });

  it('that comes late votes in its own slot and leaves the newer state alone', async () => {
    const { record, table, votes } = await recorder();

    await record(batch(1, 'up'));
    await record(batch(0, 'down'));

    expect(votes()).toEqual([
      [noon + minute, 0],
      [noon, 1],
    ]);
    expect((await table.readNow('home', '60s-0'))?.monitors.web?.outcome).toBe('up');
  });

  it('keeps the latest failing observation as evidence, with both attempts', async () => {
    const { record, table } = await recorder();
    const attempts = [1, 2].map((at) => ({ at, outcome: 'down' as const, message: `look ${at}` }));

    await record(batch(2, 'down', { attempts, message: 'newest' }));
    await record(batch(1, 'down', { message: 'older' }));
    await record(batch(3, 'up'));

    const [evidence] = await table.readEvidence('web');
    expect(evidence).toMatchObject({ location: 'home', slot: noon + 2 * minute });
    expect(evidence?.observation).toMatchObject({ message: 'newest', attempts });
  });

  it('that was asked for by hand is evidence and no slot', async () => {
    const { record, table, votes } = await recorder();

    await record({ ...batch(0, 'down'), requestId: 'r-1' });

    expect(votes()).toEqual([]);
    expect(await table.readSlots('home', '60s-0', noon, noon + minute)).toEqual([]);
    expect(await table.readEvidence('web')).toHaveLength(1);
  });

  it('74 keeps no outcome of a monitor in a maintenance window, and everything else as ever', async () => {
    const { table, record, votes } = await recorder();
    await record(batch(0, 'down'), [], ['web']);

    const [slot] = await table.readSlots('home', '60s-0', noon, noon + minute);
    expect(slot?.results).toEqual({ web: ['maintenance', null] });
    expect(votes()).toEqual([[noon, 1]]);
    expect((await table.readNow('home', '60s-0'))?.monitors.web).toMatchObject({ outcome: 'down' });
    expect(await table.readEvidence('web')).toHaveLength(1);
  });

  it('says nothing of a monitor that is paused, but that it is; for the dead-man all is as it should be', async () => {
    const { record, table, votes, observed } = await recorder();

    await record(batch(0, 'up'));
    await record(batch(1, 'down'), ['web']);

    expect(votes()).toEqual([[noon, 0]]);
    expect(await table.readEvidence('web')).toEqual([]);
    const [, slot] = await table.readSlots('home', '60s-0', noon, noon + 2 * minute);
    expect(slot?.results).toEqual({ web: ['paused', null] });
    expect((await table.readNow('home', '60s-0'))?.monitors.web).toMatchObject({
      outcome: 'unknown',
      since: noon + minute,
      recent: [[noon, 'up', 20]],
    });
    expect(observed()).toEqual([1, 1]);
  });

  it('begins the state of a monitor anew once its pause is over', async () => {
    const { record, table } = await recorder();
    await record(batch(0, 'up'));
    await record(batch(1, 'up'), ['web']);
    await record(batch(2, 'up'));
    expect((await table.readNow('home', '60s-0'))?.monitors.web).toMatchObject({
      outcome: 'up',
      since: noon + 2 * minute,
    });
  });

  it('goes on after a crash between slot and state: the state is mended, the vote is not repeated', async () => {
    const { record, table, votes } = await recorder();
    await table.putSlot('home', '60s-0', { slot: noon, every: minute, results: { web: ['down', null] } });

    await record(batch(0, 'down'));

    expect(votes()).toEqual([]);
    expect((await table.readNow('home', '60s-0'))?.monitors.web?.outcome).toBe('down');
  });

  it('gives one vote a slot and the newest state, in whatever order and however often batches come', async () => {
    const order = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(order, async (slots) => {
        const { record, table, votes } = await recorder();
        const outcomeOf = (n: number): Outcome => (n % 2 ? 'down' : 'up');

        for (const n of slots) await record(batch(n, outcomeOf(n)));

        const unique = [...new Set(slots)].sort();
        expect(votes().toSorted(([a], [b]) => a! - b!)).toEqual(
          unique.map((n) => [noon + n * minute, n % 2]),
        );
        expect((await table.readNow('home', '60s-0'))?.monitors.web?.outcome).toBe(
          outcomeOf(Math.max(...slots)),
        );
      }),
      { numRuns: 10 },
    );
  });
});

describe('a failure that other locations are to confirm', () => {
  const monitors = new Map([
    ['web', aMonitor({ quorum: 2, confirmFrom: ['frankfurt', 'virginia'] })],
    ['shop', aMonitor({ id: 'shop', quorum: 2, confirmFrom: ['frankfurt'] })],
    ['blog', aMonitor({ id: 'blog' })],
  ]);

  async function asking() {
    const asked: [string, ConfirmEvent][] = [];
    const emitted: EmfDocument[] = [];
    const table = await serveHistoryTable();
    const ports = {
      ...table,
      emit: (document: EmfDocument) => emitted.push(document),
      askToConfirm: async (location: string, event: ConfirmEvent) => void asked.push([location, event]),
    };
    const record = (seen: ObservationBatch) =>
      recordBatch(ports, { name: 'acme', level: 'standard' }, { every: minute, monitors }, seen);
    return { asked, emitted, record, table };
  }

  const seeing = (outcomes: Record<string, Outcome>, more: Partial<ObservationBatch> = {}) => ({
    ...batch(0, 'up'),
    observations: Object.entries(outcomes).map(([monitor, outcome]) => ({ monitor, at: noon, outcome })),
    ...more,
  });

  it('is asked of each of them once for a slot, for all that failed together', async () => {
    const { asked, record } = await asking();
    const failed = seeing({ web: 'down', shop: 'down', blog: 'down' });

    await record(failed);
    await record(failed);

    const shard = 'confirm-home-60s-0';
    expect(asked).toEqual([
      ['frankfurt', { shard, slot: noon, confirm: ['web', 'shop'] }],
      ['virginia', { shard, slot: noon, confirm: ['web'] }],
    ]);
  });

  it('is asked of nobody while all is well or only degraded, nor for a run on request', async () => {
    const { asked, record } = await asking();
    await record(seeing({ web: 'up', shop: 'degraded' }));
    await record(seeing({ web: 'down' }, { requestId: 'run-1' }));
    expect(asked).toEqual([]);
  });

  it('gets their votes in the slot it was seen in, and asks nobody because of them', async () => {
    const { asked, emitted, record, table } = await asking();
    await record(seeing({ web: 'down' }, { location: 'frankfurt', shard: 'confirm-home-60s-0' }));
    expect(emitted.map(({ at, values }) => [at, values])).toEqual([[noon, { Failed: 1 }]]);
    expect(await table.readSlots('frankfurt', 'confirm-home-60s-0', noon, noon + 1)).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});

describe('a check without a network', () => {
  it('is kept beside the latest failure, and votes for nothing', async () => {
    const { record, table, votes } = await recorder();
    await record(batch(0, 'down', { reason: 'connection-refused' }));
    await record(batch(1, 'unknown', { reason: 'no-network' }));
    const evidence = await table.readEvidence('web');
    expect(evidence.map(({ slot, observation }) => [slot, observation.outcome])).toEqual([
      [noon + minute, 'unknown'],
      [noon, 'down'],
    ]);
    expect(votes()).toEqual([[noon, 1]]);
  });
});
