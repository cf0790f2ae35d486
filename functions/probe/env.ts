import * as z from 'zod/mini';
import { lambdaEnvironment } from '../../shared/aws/environment.ts';

/** Environment of the probe, set by its construct. */
export const environment = z.extend(lambdaEnvironment, {
  LOCATION: z.string(),
  /** Region of the stack: the queue and the secrets are there. */
  HOME_REGION: z.string(),
  /** `private` inside a team's network, where its addresses may be checked; else `public`. */
  REACH: z.enum(['public', 'private']),
  /** The home Region's queue of observations. */
  OBSERVATIONS_QUEUE_URL: z.string(),
  /** `/tocsin/<name>/` */
  SECRET_PREFIX: z.string(),
  /** Path of a Chromium on this machine: set by the local runtime, where there is one. */
  TOCSIN_CHROMIUM: z.optional(z.string()),
});

export const readEnvironment = () => environment.parse(process.env);
