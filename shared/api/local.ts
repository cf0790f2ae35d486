import * as z from 'zod/mini';
import type { LocalPorts } from './ports.ts';

const outbox = z.array(
  z.object({
    channel: z.string(),
    to: z.string(),
    subject: z.optional(z.string()),
    text: z.string(),
    at: z.string(),
    request: z.optional(z.unknown()),
    response: z.object({
      status: z.number(),
      body: z.string(),
      delivery: z.enum(['captured', 'forwarded']),
    }),
  }),
);

const demo = z.object({ url: z.string(), fault: z.string() });

/** Milliseconds the local runtime may take to answer. */
const deadlineMs = 5_000;

/** What the local runtime at `baseUrl` tells of itself. */
export function localPorts(baseUrl: string): LocalPorts {
  const get = (path: string) => fetch(new URL(path, baseUrl), { signal: AbortSignal.timeout(deadlineMs) });
  return {
    readOutbox: async () => outbox.parse(await (await get('/local/outbox')).json()),
    async readDemo() {
      const answer = await get('/local/demo');
      return answer.ok ? demo.parse(await answer.json()) : undefined;
    },
  };
}
