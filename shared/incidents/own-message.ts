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

const reported = z.object({
  type: z.literal('reported'),
  incident: z.string(),
  channel: z.string(),
  revision: z.number(),
  text: z.string(),
}) satisfies z.ZodMiniType<IncomingEvent>;

const told = z.union([undelivered, reported]);

/** What a message of the `timers` queue says, which only we write to. Throws where it says nothing. */
export function parseOwnMessage(body: string): z.infer<typeof told> | { type: 'timer'; timer: Timer } {
  const message: unknown = JSON.parse(body);
  const said = told.safeParse(message);
  return said.success ? said.data : { type: 'timer', timer: timer.parse(message) };
}
