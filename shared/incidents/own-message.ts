import * as z from 'zod/mini';
import type { IncomingEvent } from './apply.ts';
import type { Timer } from './incident.ts';

const timer = z.object({
  id: z.string().check(z.regex(/#\d+$/)),
  incident: z.string(),
  dueAt: z.number(),
  fence: z.number(),
}) satisfies z.ZodMiniType<Timer>;

const undelivered = z.object({
  type: z.literal('undelivered'),
  incident: z.string(),
  channel: z.string(),
  revision: z.number(),
  reason: z.string(),
}) satisfies z.ZodMiniType<IncomingEvent>;

/** What a message of the `timers` queue says, which only we write to. Throws where it says nothing. */
export function parseOwnMessage(body: string): z.infer<typeof undelivered> | { type: 'timer'; timer: Timer } {
  const message: unknown = JSON.parse(body);
  const failure = undelivered.safeParse(message);
  return failure.success ? failure.data : { type: 'timer', timer: timer.parse(message) };
}
