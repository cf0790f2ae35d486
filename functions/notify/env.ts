import * as z from 'zod/mini';
import { lambdaEnvironment } from '../../shared/aws/environment.ts';

/** Environment of a notify function (one per kind of channel), set by its construct. */
export const environment = z.extend(lambdaEnvironment, {
  INCIDENTS_TABLE: z.string(),
  /** Its own queue, to show a message again later. */
  QUEUE_URL: z.string(),
  DEAD_LETTER_QUEUE_URL: z.string(),
  /** Where those who keep incidents hear that a channel could not be told. */
  TIMERS_QUEUE_URL: z.string(),
  /** `/tocsin/<name>/` */
  SECRET_PREFIX: z.string(),
});

export const readEnvironment = () => environment.parse(process.env);
