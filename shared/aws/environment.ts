import * as z from 'zod/mini';

/**
 * What Lambda puts into every function's environment, as far as our functions use it.
 * Each `functions/<name>/env.ts` extends it with the function's own variables.
 */
export const lambdaEnvironment = z.object({
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_SESSION_TOKEN: z.optional(z.string()),
  /** Another endpoint for all AWS services: set by the local runtime. */
  AWS_ENDPOINT_URL: z.optional(z.string()),
  /** The function's own asset: where its configuration lies as JSON. */
  LAMBDA_TASK_ROOT: z.string(),
  /** `http://localhost:<port>` when run by the local runtime, where targets and webhooks may be loopback http. */
  TOCSIN_LOCAL: z.optional(z.string()),
});

/** Region, credentials and endpoint for calls to AWS. */
export interface Aws {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  endpoint?: string;
}

export function awsOf(environment: z.infer<typeof lambdaEnvironment>): Aws {
  return {
    region: environment.AWS_REGION,
    accessKeyId: environment.AWS_ACCESS_KEY_ID,
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    ...(environment.AWS_SESSION_TOKEN && { sessionToken: environment.AWS_SESSION_TOKEN }),
    ...(environment.AWS_ENDPOINT_URL && { endpoint: environment.AWS_ENDPOINT_URL }),
  };
}
