import * as z from 'zod/mini';
import { incidentEnvironment } from '../../shared/aws/incident-environment.ts';

/** Environment of reconcile, set by its construct. */
export const environment = z.extend(incidentEnvironment, {
  /** What the names of functions begin with: `Tocsin-<name>-`. */
  FUNCTION_PREFIX: z.string(),
});

export const readEnvironment = () => environment.parse(process.env);
