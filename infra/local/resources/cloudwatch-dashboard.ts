import * as z from 'zod/mini';
import { optionalText, resourceType } from './resource.ts';

/** The console shows metrics locally; here it is only made sure that the body can be read. */
export const cloudwatchDashboard = resourceType(
  { DashboardName: optionalText, DashboardBody: z.string() },
  ({ DashboardName, DashboardBody }, { named }) => {
    JSON.parse(DashboardBody);
    return { ref: named(DashboardName) };
  },
);
