import { describe, expect, it } from 'vitest';
import type { Level } from '../../shared/config/config.ts';
import { documentsOf } from '../../shared/history/emission.ts';
import type { NowItem } from '../../shared/history/history.ts';
import { applyBatch } from '../../shared/history/now.ts';
import { emfLine } from '../../shared/metrics/emf.ts';
import type { Observation, Outcome } from '../../shared/monitors/observation.ts';
import { aMonitor } from '../support/monitor.ts';

const noon = Date.UTC(2026, 10, 20, 12);

function emitted(level: Level, outcomes: Outcome[], every = 60_000, details: Partial<Observation> = {}) {
  const monitors = new Map([['web', aMonitor({ every })]]);
  let before: NowItem | undefined;
  return outcomes.map((outcome, n) => {
    const slot = noon + n * every;
    const observation = { monitor: 'web', at: slot, outcome, responseTime: 40, ...details };
    const batch = { version: 1 as const, location: 'home', shard: 's', slot, observations: [observation] };
    const documents = documentsOf({ name: 'acme', level }, monitors, batch, before);
    before = applyBatch(before, batch, every);
    return documents.map((document) => document.values);
  });
}

describe('the metrics of an observation', () => {
  it('are a vote and the response time at level standard', () => {
    expect(emitted('standard', ['up', 'down'])).toEqual([
      [{ Failed: 0, ResponseTime: 40 }],
      [{ Failed: 1, ResponseTime: 40 }],
    ]);
  });

  it('are none for unknown: our own fault is no vote', () => {
    expect(emitted('detailed', ['unknown'])).toEqual([[]]);
  });

  it('have no response time where nothing answered', () => {
    expect(emitted('standard', ['down'], 60_000, { reason: 'response-timeout' })).toEqual([[{ Failed: 1 }]]);
  });

  it('at level lean are votes while failing and for the alarm window after, so that a recovery is a written 0', () => {
    expect(emitted('lean', ['up', 'down', 'down', 'up', 'up', 'up', 'up', 'up'])).toEqual([
      [],
      [{ Failed: 1 }],
      [{ Failed: 1 }],
      [{ Failed: 0 }],
      [{ Failed: 0 }],
      [{ Failed: 0 }],
      [],
      [],
    ]);
  });

  it('have the phases by location at level detailed', () => {
    const timings = { dns: 1, connect: 2, firstByte: 3 };
    const [documents] = emitted('detailed', ['up'], 60_000, { timings });
    expect(documents).toEqual([
      { Failed: 0, ResponseTime: 40 },
      { Dns: 1, Connect: 2, FirstByte: 3 },
    ]);
  });

  it('tell the days left of a certificate at level detailed, on the first slot of a day and of a new monitor only', () => {
    const details = { certificateDaysLeft: 30 };
    const values = emitted('detailed', Array<Outcome>(13).fill('up'), 3_600_000, details).flat();
    expect(values.map((value) => value.CertificateDaysLeft)).toEqual([30, ...Array(11).fill(undefined), 30]);
  });

  it.each([
    [10_000, 1],
    [60_000, undefined],
  ])('of a check every %i ms have the storage resolution %s', (every, resolution) => {
    const observation = { monitor: 'web', at: noon, outcome: 'up' as const };
    const batch = {
      version: 1 as const,
      location: 'home',
      shard: 's',
      slot: noon,
      observations: [observation],
    };
    const [document] = documentsOf(
      { name: 'acme', level: 'standard' },
      new Map([['web', aMonitor({ every })]]),
      batch,
      undefined,
    );
    const [metric] = JSON.parse(emfLine(document!)!)._aws.CloudWatchMetrics[0].Metrics;
    expect(metric.StorageResolution).toBe(resolution);
  });
});
