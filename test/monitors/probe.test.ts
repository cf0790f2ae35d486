import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Monitor } from '../../shared/config/config.ts';
import type { ObservationBatch } from '../../shared/monitors/observation.ts';
import { type Probe, runRequested, runScheduled } from '../../shared/monitors/probe.ts';
import type { Shard } from '../../shared/monitors/shards.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { serveHttp, serveTcp } from '../support/servers.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');

const shardOf = (monitors: Monitor[], every = 10_000): Shard => ({
  id: `${every / 1_000}s-0`,
  location: 'home',
  every,
  monitors,
});

function probeSendingTo(batches: ObservationBatch[], overrides: Partial<Probe> = {}): Probe {
  const { kinds, readSecret, network } = probeContext();
  const send = async (batch: ObservationBatch) => void batches.push(batch);
  return {
    kinds,
    location: 'home',
    reach: 'public',
    isLocal: true,
    now: Date.now,
    readSecret,
    resolve: network.resolve,
    witness: [],
    send,
    ...overrides,
  };
}

/** Stops the clock that ticks and pauses follow; sockets and deadlines stay real. */
function stopClock(at: number) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'], now: at });
  onTestFinished(() => void vi.useRealTimers());
}

/** Lets the sockets go on, while the clock stands still, until it is so. */
async function until(isSo: () => boolean) {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

const ok = () => serveHttp((_, response) => response.end('fine'));

describe('a scheduled run', () => {
  it('checks every slot of its minute when it begins, and sends its batch at once', async () => {
    stopClock(noon);
    const server = await ok();
    const batches: ObservationBatch[] = [];
    const sentAt: number[] = [];
    const probe = probeSendingTo(batches, {
      send: async (batch) => {
        sentAt.push(Date.now());
        batches.push(batch);
      },
    });

    const run = runScheduled(probe, shardOf([httpMonitor(`http://127.0.0.1:${server.port}/`)]), noon);
    for (let slot = 0; slot < 6; slot++) {
      await until(() => batches.length === slot + 1);
      vi.advanceTimersByTime(10_000);
    }
    await run;

    const slots = [0, 1, 2, 3, 4, 5].map((k) => noon + k * 10_000);
    expect(batches.map(({ slot }) => slot)).toEqual(slots);
    expect(sentAt).toEqual(slots);
    expect(batches[0]).toMatchObject({
      version: 1,
      location: 'home',
      shard: '10s-0',
      observations: [{ outcome: 'up', at: noon }],
    });
    expect(batches[0]).not.toHaveProperty('requestId');
  });

  it('holds up no slot for a slow one', async () => {
    stopClock(noon);
    const held: (() => void)[] = [];
    const server = await serveHttp((_, response) => {
      if (held.length === 0) held.push(() => response.end('at last'));
      else response.end('fine');
    });
    const batches: ObservationBatch[] = [];

    const shard = shardOf([httpMonitor(`http://127.0.0.1:${server.port}/`, { timeout: 5_000 })], 30_000);
    const run = runScheduled(probeSendingTo(batches), shard, noon);
    await until(() => held.length === 1);
    vi.advanceTimersByTime(30_000);
    await until(() => batches.length === 1);
    held[0]!();
    await run;

    expect(batches.map(({ slot }) => slot)).toEqual([noon + 30_000, noon]);
  });

  it('tells what went wrong only after all its slots', async () => {
    stopClock(noon);
    const server = await ok();
    const batches: ObservationBatch[] = [];
    let sends = 0;
    const probe = probeSendingTo(batches, {
      send: async (batch) => {
        if (++sends === 1) throw new Error('no answer from sqs');
        batches.push(batch);
      },
    });

    const run = runScheduled(probe, shardOf([httpMonitor(`http://127.0.0.1:${server.port}/`)], 30_000), noon);
    const outcome = run.catch((error: Error) => error.message);
    await until(() => sends === 1);
    vi.advanceTimersByTime(30_000);

    expect(await outcome).toBe('no answer from sqs');
    expect(batches.map(({ slot }) => slot)).toEqual([noon + 30_000]);
  });

  it('keeps the order of its monitors, however long each takes', async () => {
    const server = await serveHttp((request, response) => {
      if (request.url === '/slow') setTimeout(() => response.end(), 50);
      else response.end();
    });
    const paths = ['slow', ...Array.from({ length: 120 }, (_, n) => `m${n}`)];
    const monitors = paths.map((id) => httpMonitor(`http://127.0.0.1:${server.port}/${id}`, { id }));
    const batches: ObservationBatch[] = [];

    await runScheduled(probeSendingTo(batches, { now: () => noon }), shardOf(monitors, 60_000), noon);

    expect(batches[0]!.observations.map(({ monitor }) => monitor)).toEqual(paths);
    expect(batches[0]!.observations.every(({ outcome }) => outcome === 'up')).toBe(true);
  });
});

describe('a private target', () => {
  it.each([
    { isLocal: true, localOnly: true, reach: 'public', allowed: true },
    { isLocal: true, localOnly: false, reach: 'private', allowed: true },
    { isLocal: true, localOnly: false, reach: 'public', allowed: false },
    { isLocal: false, localOnly: true, reach: 'public', allowed: false },
    { isLocal: false, localOnly: false, reach: 'private', allowed: false },
    { isLocal: false, localOnly: false, reach: 'public', allowed: false },
  ] as const)(
    'on this very machine is allowed $allowed: local runtime $isLocal, localOnly $localOnly, location $reach',
    async ({ isLocal, localOnly, reach, allowed }) => {
      stopClock(noon);
      const server = await ok();
      const batches: ObservationBatch[] = [];
      const monitor = httpMonitor(`http://127.0.0.1:${server.port}/`, { localOnly });

      const run = runScheduled(probeSendingTo(batches, { isLocal, reach }), shardOf([monitor], 60_000), noon);
      if (!allowed) await until(() => vi.getTimerCount() > 0);
      vi.advanceTimersByTime(1_000);
      await run;

      const [observation] = batches[0]!.observations;
      expect(observation!.reason).toBe(allowed ? undefined : 'target-forbidden');
      expect(server.accepted()).toBe(allowed ? 1 : 0);
    },
  );
});

describe('a run on request', () => {
  it('checks the monitors asked for, by shard, and names those it does not have', async () => {
    const server = await ok();
    const monitor = (id: string) => httpMonitor(`http://127.0.0.1:${server.port}/`, { id });
    const shards = [
      shardOf([monitor('a'), monitor('b')], 60_000),
      shardOf([monitor('c')], 10_000),
      shardOf([monitor('d')], 30_000),
    ];
    const batches: ObservationBatch[] = [];

    const probe = probeSendingTo(batches, { now: () => noon + 34_567 });
    const unknown = await runRequested(probe, shards, ['c', 'b', 'x'], 'req-1');

    expect(unknown).toEqual(['x']);
    const told = batches.map(({ shard, slot, requestId, observations }) => [
      shard,
      slot,
      requestId,
      observations[0]!.monitor,
    ]);
    expect(told.toSorted()).toEqual([
      ['10s-0', noon + 30_000, 'req-1', 'c'],
      ['60s-0', noon, 'req-1', 'b'],
    ]);
  });
});

describe('after a run', () => {
  it('no connection is open, whatever the targets did', async () => {
    stopClock(noon);
    const servers = [
      await ok(),
      await serveTcp(() => {}),
      await serveTcp((socket) => socket.resetAndDestroy()),
    ];
    const monitors = servers.map(({ port }) => httpMonitor(`http://127.0.0.1:${port}/`, { timeout: 100 }));
    const batches: ObservationBatch[] = [];

    const run = runScheduled(probeSendingTo(batches), shardOf(monitors, 60_000), noon);
    await until(() => vi.getTimerCount() === 2);
    vi.advanceTimersByTime(1_000);
    await run;

    await Promise.all(servers.map((server) => server.allClosed()));
    expect(servers.map((server) => server.accepted())).toEqual([1, 2, 2]);
  });
});
