import * as z from 'zod/mini';

/** What `sns(…)` may be given. */
export const snsSettings = z.strictObject({
  /** ARN of the topic, in any Region and account: `arn:aws:sns:eu-west-1:123456789012:pages`. */
  topic: z
    .string({ error: 'is needed: the ARN of a topic, arn:aws:sns:eu-west-1:123456789012:pages' })
    .check(
      z.regex(
        /^arn:aws(-[a-z]+)*:sns:[a-z]{2}(-[a-z]+)+-\d:\d{12}:[\w-]{1,251}(\.fifo)?$/,
        'must be the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:pages',
      ),
    ),
});

export type SnsSettings = z.infer<typeof snsSettings>;
