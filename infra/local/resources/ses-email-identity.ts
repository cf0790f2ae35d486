import * as z from 'zod/mini';
import { onAwsOnly, resourceType } from './resource.ts';

/** Every sender is verified locally. */
export const sesEmailIdentity = resourceType(
  {
    EmailIdentity: z.string(),
    DkimAttributes: onAwsOnly,
    DkimSigningAttributes: onAwsOnly,
    FeedbackAttributes: onAwsOnly,
    MailFromAttributes: onAwsOnly,
  },
  ({ EmailIdentity }) => ({ ref: EmailIdentity }),
);
