import * as z from 'zod/mini';
import { lambdaEnvironment } from './environment.ts';

/** Environment of every function that changes incidents: what `connectIncidents` needs. */
export const incidentEnvironment = z.extend(lambdaEnvironment, {
  INCIDENTS_TABLE: z.string(),
  HISTORY_TABLE: z.string(),
  EVENTS_TOPIC_ARN: z.string(),
  TIMERS_QUEUE_URL: z.string(),
  /** Where people open incidents; links are left out without it. */
  CONSOLE_URL: z.optional(z.string()),
  DASHBOARD_URL: z.optional(z.string()),
});

/** What is our own of it. */
export type IncidentVariables = Omit<
  z.infer<typeof incidentEnvironment>,
  keyof z.infer<typeof lambdaEnvironment>
>;
