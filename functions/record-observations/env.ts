import * as z from 'zod/mini';
import { lambdaEnvironment } from '../../shared/aws/environment.ts';

/** Environment of record-observations, set by its construct. */
export const environment = z.extend(lambdaEnvironment, {
  HISTORY_TABLE: z.string(),
  /** What the names of functions begin with: `Tocsin-<name>-`. */
  FUNCTION_PREFIX: z.string(),
});

export const readEnvironment = () => environment.parse(process.env);
