import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxMessageBytes, messageOf } from '../../shared/monitors/batch.ts';
import { parseBatch } from '../../shared/monitors/batch-schema.ts';
import type { Attempt, ObservationBatch } from '../../shared/monitors/observation.ts';

function batchOf(count: number, evidence: string): ObservationBatch {
  const attempt: Attempt = {
    at: 1,
    outcome: 'down',
    reason: 'condition-failed',
    message: 'expected status == 200, got 503',
    failures: [{ line: 'status == 200', seen: '503' }],
    excerpt: evidence,
  };
  const observations = Array.from({ length: count }, (_, n) => ({
    monitor: `monitor-${n}`,
    ...attempt,
    attempts: [attempt, attempt],
  }));
  return { version: 1, location: 'home', shard: '60s-0', slot: 0, observations };
}

describe('a batch as a message', () => {
  it('holds everything where it fits', () => {
    const batch = batchOf(50, 'x'.repeat(500));

    expect(parseBatch(messageOf(batch))).toEqual(batch);
  });

  it('gives up excerpts first', () => {
    const [observation] = parseBatch(messageOf(batchOf(50, 'ü'.repeat(5_000)))).observations;

    expect(observation).toMatchObject({
      failures: [{ seen: '503' }],
      attempts: [{ outcome: 'down' }, { outcome: 'down' }],
    });
    expect(observation).not.toHaveProperty('excerpt');
    expect(observation!.attempts![0]).not.toHaveProperty('excerpt');
  });

  it('never gives up a verdict, and always fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.constantFrom(0, 500, 20_000), (count, size) => {
        const batch = batchOf(count, 'x');
        for (const observation of batch.observations) {
          observation.message = 'm'.repeat(size);
          observation.attempts = [{ ...observation.attempts![0]!, message: 'm'.repeat(size) }];
        }

        const body = messageOf(batch);

        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxMessageBytes);
        const verdicts = parseBatch(body).observations.map(({ monitor, outcome, reason }) => [
          monitor,
          outcome,
          reason,
        ]);
        expect(verdicts).toEqual(
          batch.observations.map(({ monitor }) => [monitor, 'down', 'condition-failed']),
        );
      }),
      { numRuns: 30 },
    );
  });
});
