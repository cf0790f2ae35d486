import * as z from 'zod/mini';

const scheduled = z.strictObject({
  /** Id of a shard: also part of a file's name. */
  shard: z.string().check(z.regex(/^[\w-]+$/)),
  /** The moment the schedule meant, ISO 8601. */
  time: z.string().check(z.refine((time) => !Number.isNaN(Date.parse(time)), 'must be an ISO 8601 time')),
});

const confirming = z.strictObject({
  /** Id of a shard without a schedule. */
  shard: z.string().check(z.regex(/^[\w-]+$/)),
  /** The slot in which another location saw them fail, epoch milliseconds. */
  slot: z.int().check(z.nonnegative()),
  /** Ids of monitors. */
  confirm: z.array(z.string()).check(z.minLength(1)),
});

const requested = z.strictObject({
  /** Ids of monitors. */
  check: z.array(z.string()).check(z.minLength(1)),
  /** Comes back in the batches. */
  requestId: z.string().check(z.minLength(1)),
});

const schema = z.union([scheduled, confirming, requested]);

/** What starts the probe: its schedule, a failure at another location, or somebody who wants to know now. */
export type ProbeEvent = z.infer<typeof schema>;

/** Asks a location for its vote on what another one saw fail. */
export type ConfirmEvent = z.infer<typeof confirming>;

/** Throws where the event is none of these. */
export const parseProbeEvent = (event: unknown): ProbeEvent => schema.parse(event);
