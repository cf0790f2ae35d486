import * as z from 'zod/mini';
import type { SecretReference } from './config.ts';

/** A reference to a secret, never its value. */
export const secretReference = z.strictObject(
  {
    secret: z
      .string()
      .check(
        z.regex(
          /^[a-z0-9][a-z0-9-]{0,63}$/,
          "must be lower-case letters, digits and dashes: write secret('slack-webhook')",
        ),
      ),
  },
  "must be a reference to a secret: write secret('slack-webhook')",
);

/**
 * Stands for a value that is kept out of the config: on AWS the SSM SecureString `/tocsin/<name>/slack-webhook`, locally
 * `SLACK_WEBHOOK` from the environment or `.env`.
 */
export function secret(name: string): SecretReference {
  return { secret: name };
}
