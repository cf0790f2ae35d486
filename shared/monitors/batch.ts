import type { Observation, ObservationBatch } from './observation.ts';

/** Bytes of the largest SQS message. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const maxMessageBytes = 1_048_576;

/** What is given up of an observation, step by step, when a batch is too large: evidence first, never the verdict. */
const reductions: ((observation: Observation) => Observation)[] = [
  (observation) => observation,
  ({ screenshot: _, ...rest }) => rest,
  ({ screenshot: __, excerpt: _, attempts, ...rest }) => ({
    ...rest,
    ...(attempts && { attempts: attempts.map(({ excerpt: _, ...attempt }) => attempt) }),
  }),
  ({
    screenshot: _,
    excerpt: __,
    attempts: ___,
    failures: ____,
    components: _____,
    steps: ______,
    complaints: _______,
    ...rest
  }) => rest,
  ({ monitor, at, outcome, reason, responseTime }) => ({
    monitor,
    at,
    outcome,
    ...(reason && { reason }),
    ...(responseTime !== undefined && { responseTime }),
  }),
];

/** A batch as the body of one message, with as much evidence as fits. Throws where not even the verdicts fit. */
export function messageOf(batch: ObservationBatch): string {
  for (const reduce of reductions) {
    const body = JSON.stringify({ ...batch, observations: batch.observations.map(reduce) });
    if (Buffer.byteLength(body) <= maxMessageBytes) return body;
  }
  throw new Error(`${batch.observations.length} observations do not fit into one SQS message`);
}
