import * as z from 'zod/mini';
import { incidentEnvironment } from '../../shared/aws/incident-environment.ts';

/** Environment of api, set by its construct. */
export const environment = z.extend(incidentEnvironment, {
  /** SecureString with the bearer token of the API, e.g. `/tocsin/<name>/admin-token`. */
  ADMIN_TOKEN_PARAMETER: z.string(),
  /** What the names of functions begin with: `Tocsin-<name>-`. */
  FUNCTION_PREFIX: z.string(),
});

export const readEnvironment = () => environment.parse(process.env);
