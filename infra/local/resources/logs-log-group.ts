import * as z from 'zod/mini';
import { onAwsOnly, optionalText, resourceType } from './resource.ts';

/** Metrics are extracted from the standard class only. */
export const logGroup = resourceType(
  {
    LogGroupName: optionalText,
    LogGroupClass: z.optional(z.literal('STANDARD')),
    RetentionInDays: onAwsOnly,
    KmsKeyId: onAwsOnly,
    Tags: onAwsOnly,
  },
  ({ LogGroupName }, { named, arn }) => {
    const name = named(LogGroupName);
    return { ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } };
  },
);
