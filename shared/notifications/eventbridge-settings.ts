import * as z from 'zod/mini';

/** What `eventbridge(…)` may be given. */
export const eventbridgeSettings = z.strictObject({
  /** ARN of the event bus, in any account: `arn:aws:events:eu-west-1:123456789012:event-bus/ops`. */
  bus: z
    .string({ error: 'is needed: the ARN of a bus, arn:aws:events:eu-west-1:123456789012:event-bus/ops' })
    .check(
      z.regex(
        /^arn:aws(-[a-z]+)*:events:[a-z]{2}(-[a-z]+)+-\d:\d{12}:event-bus\/[\w./-]{1,256}$/,
        'must be the ARN of a bus, such as arn:aws:events:eu-west-1:123456789012:event-bus/ops',
      ),
    ),
});

export type EventBridgeSettings = z.infer<typeof eventbridgeSettings>;
