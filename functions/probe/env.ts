import * as z from 'zod/mini';
import { lambdaEnvironment } from '../../shared/aws/environment.ts';

/** Environment of the probe, set by its construct. */
export const environment = z.extend(lambdaEnvironment, {
  LOCATION: z.string(),
  /** The home Region's queue of observations. */
  OBSERVATIONS_QUEUE_URL: z.string(),
  /** `/tocsin/<name>/` */
  SECRET_PREFIX: z.string(),
});

export const readEnvironment = () => environment.parse(process.env);
