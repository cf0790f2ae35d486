import * as z from 'zod/mini';
import type { ObservationBatch } from './observation.ts';

const outcome = z.enum(['up', 'degraded', 'down', 'unknown']);

const attempt = {
  at: z.number(),
  outcome,
  reason: z.optional(z.string()),
  message: z.optional(z.string()),
  responseTime: z.optional(z.number().check(z.nonnegative())),
  certificateDaysLeft: z.optional(z.number()),
  certificates: z.optional(
    z.object({ leaf: z.number(), earliest: z.number(), chain: z.optional(z.number()) }),
  ),
  domainDaysLeft: z.optional(z.number()),
  timings: z.optional(
    z.partial(
      z.object({
        dns: z.number(),
        connect: z.number(),
        tls: z.number(),
        firstByte: z.number(),
        transfer: z.number(),
      }),
    ),
  ),
  components: z.optional(
    z.array(
      z.looseObject({
        name: z.string().check(z.minLength(1)),
        outcome,
        latency: z.optional(z.number().check(z.nonnegative())),
      }),
    ),
  ),
  vitals: z.optional(
    z.partial(z.object({ lcp: z.number(), cls: z.number(), fcp: z.number(), ttfb: z.number() })),
  ),
  complaints: z.optional(z.object({ count: z.number(), first: z.array(z.string()) })),
  screenshot: z.optional(z.string().check(z.regex(/^[A-Za-z0-9+/]+=*$/), z.maxLength(200_000))),
  steps: z.optional(z.array(z.looseObject({ name: z.string(), outcome }))),
};

/** What record-observations accepts from the queue. Fields that only people read pass through unchecked. */
const schema = z.object({
  version: z.literal(1),
  location: z.string().check(z.minLength(1)),
  shard: z.string().check(z.minLength(1)),
  slot: z.int().check(z.nonnegative()),
  requestId: z.optional(z.string()),
  observations: z.array(z.looseObject({ monitor: z.string().check(z.minLength(1)), ...attempt })),
});

/** Throws where the text is no batch of observations; its message names the fields, never their values. */
export function parseBatch(body: string): ObservationBatch {
  return schema.parse(JSON.parse(body)) as ObservationBatch;
}
