import * as z from 'zod/mini';

const scheduled = z.strictObject({
  /** Id of a shard: also part of a file's name. */
  shard: z.string().check(z.regex(/^[\w-]+$/)),
  /** The moment the schedule meant, ISO 8601. */
  time: z.string().check(z.refine((time) => !Number.isNaN(Date.parse(time)), 'must be an ISO 8601 time')),
});

const requested = z.strictObject({
  /** Ids of monitors. */
  check: z.array(z.string()).check(z.minLength(1)),
  /** Comes back in the batches. */
  requestId: z.string().check(z.minLength(1)),
});

const schema = z.union([scheduled, requested]);

/** What starts the probe: its schedule, or somebody who wants to know now. */
export type ProbeEvent = z.infer<typeof schema>;

/** Throws where the event is neither. */
export const parseProbeEvent = (event: unknown): ProbeEvent => schema.parse(event);
