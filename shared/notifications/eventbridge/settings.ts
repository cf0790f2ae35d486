import * as z from 'zod/mini';

const allowed = "must be the ARN of a bus: write bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/ops'";

const busArn = /^arn:aws(-[a-z]+)*:events:[a-z]{2}(-[a-z]+)+-\d:\d{12}:event-bus\/[\w./-]{1,256}$/;

/** What `eventbridge(…)` may be given. */
export const eventbridgeSettings = z.strictObject({
  /** ARN of the event bus, in any account: `arn:aws:events:eu-west-1:123456789012:event-bus/ops`. */
  bus: z.string(allowed).check(z.regex(busArn, allowed)),
});

export type EventBridgeSettings = z.infer<typeof eventbridgeSettings>;
