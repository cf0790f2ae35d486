import * as z from 'zod/mini';
import { lambdaEnvironment } from '../../shared/aws/environment.ts';

/** Environment of receive-heartbeat, set by its construct. */
export const environment = z.extend(lambdaEnvironment, {
  HISTORY_TABLE: z.string(),
  /** SecureString that ping URLs are made with: `/tocsin/<name>/ping-key`. */
  PING_KEY_PARAMETER: z.string(),
});

export const readEnvironment = () => environment.parse(process.env);
