import * as z from 'zod/mini';
import { httpSettings } from '../http/settings.ts';

const componentName = z.string().check(z.minLength(1), z.maxLength(100));

/** What a health monitor may be given: a request as for http, and what to make of its components. */
export const healthSettings = z.extend(z.omit(httpSettings, { shouldFail: true }), {
  /**
   * Components with metrics of their own, `ComponentUp` and `ComponentLatency` (0.30 USD a month each), at level standard. At level
   * detailed all have them, at level lean none. Default none.
   */
  components: z._default(z.array(componentName), []),
  /** Components that the target can do without: while one of them is down, it is degraded. Default none. */
  optional: z._default(z.array(componentName), []),
});

export type HealthSettings = z.infer<typeof healthSettings>;
