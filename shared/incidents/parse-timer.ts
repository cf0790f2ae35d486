import * as z from 'zod/mini';
import type { Timer } from './incident.ts';

const timer = z.object({
  id: z.string().check(z.regex(/#\d+$/)),
  incident: z.string(),
  kind: z.enum(['group-wait']),
  dueAt: z.number(),
  fence: z.number(),
}) satisfies z.ZodMiniType<Timer>;

/** The timer in a message of the `timers` queue, which only we write to. Throws where it is none. */
export const parseTimer = (body: string): Timer => timer.parse(JSON.parse(body));
