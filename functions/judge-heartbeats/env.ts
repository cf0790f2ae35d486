import * as z from 'zod/mini';
import { lambdaEnvironment } from '../../shared/aws/environment.ts';

/** Environment of judge-heartbeats, set by its construct. */
export const environment = z.extend(lambdaEnvironment, {
  HISTORY_TABLE: z.string(),
});

export const readEnvironment = () => environment.parse(process.env);
