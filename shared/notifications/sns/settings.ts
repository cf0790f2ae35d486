import * as z from 'zod/mini';

const allowed = "must be the ARN of a topic: write topic: 'arn:aws:sns:eu-west-1:123456789012:pages'";

const topicArn = /^arn:aws(-[a-z]+)*:sns:[a-z]{2}(-[a-z]+)+-\d:\d{12}:[\w-]{1,251}(\.fifo)?$/;

/** What `sns(…)` may be given. */
export const snsSettings = z.strictObject({
  /** ARN of the topic, in any Region and account: `arn:aws:sns:eu-west-1:123456789012:pages`. */
  topic: z.string(allowed).check(z.regex(topicArn, allowed)),
});

export type SnsSettings = z.infer<typeof snsSettings>;
