import * as z from 'zod/mini';
import { lambdaEnvironment } from '../../shared/aws/environment.ts';

/** Environment of reconcile, set by its construct. */
export const environment = z.extend(lambdaEnvironment, {
  INCIDENTS_TABLE: z.string(),
  HISTORY_TABLE: z.string(),
  EVENTS_TOPIC_ARN: z.string(),
  TIMERS_QUEUE_URL: z.string(),
  /** Where people open incidents; links are left out without it. */
  CONSOLE_URL: z.optional(z.string()),
  DASHBOARD_URL: z.optional(z.string()),
});

export const readEnvironment = () => environment.parse(process.env);
