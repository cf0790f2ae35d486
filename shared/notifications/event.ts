import * as z from 'zod/mini';
import type { IncidentEvent } from '../incidents/incident.ts';
import { severities } from '../severity.ts';

/** A time that JavaScript can show: epoch milliseconds within ±100 million days. */
const time = z.number().check(z.minimum(-8.64e15), z.maximum(8.64e15));

const timings = z.partial(
  z.object({
    dns: z.number(),
    connect: z.number(),
    tls: z.number(),
    firstByte: z.number(),
    transfer: z.number(),
  }),
);

const observation = z.looseObject({
  at: time,
  message: z.optional(z.string()),
  reason: z.optional(z.string()),
  status: z.optional(z.number()),
  responseTime: z.optional(z.number()),
  timings: z.optional(timings),
  address: z.optional(z.string()),
  components: z.optional(
    z.array(
      z.object({
        name: z.string(),
        outcome: z.enum(['up', 'degraded', 'down', 'unknown']),
        latency: z.optional(z.number()),
        message: z.optional(z.string()),
      }),
    ),
  ),
  steps: z.optional(
    z.array(
      z.looseObject({
        name: z.string(),
        outcome: z.enum(['up', 'degraded', 'down', 'unknown']),
        cleanup: z.optional(z.literal(true)),
      }),
    ),
  ),
  excerpt: z.optional(z.string()),
  failures: z.optional(
    z.array(z.object({ line: z.string(), seen: z.optional(z.string()), problem: z.optional(z.string()) })),
  ),
});

const incident = z.looseObject({
  id: z.string().check(z.minLength(1)),
  subject: z.object({
    type: z.enum(['monitor', 'rule', 'slo', 'self', 'alarm']),
    id: z.string(),
    aspect: z.optional(z.literal('degraded')),
  }),
  severity: z.enum(severities),
  title: z.string(),
  description: z.optional(z.string()),
  cause: z.optional(z.string()),
  labels: z.record(z.string(), z.string()),
  runbook: z.optional(z.string()),
  openedAt: time,
  acknowledgedBy: z.optional(z.string()),
  assignee: z.optional(z.string()),
  reopenedAt: z.optional(time),
  resolvedAt: z.optional(time),
  resolvedBy: z.optional(z.string()),
  firing: z.number(),
  members: z.optional(z.array(z.string())),
  revision: z.int().check(z.nonnegative()),
  changes: z.optional(
    z.array(z.looseObject({ id: z.string(), at: time, title: z.string(), by: z.optional(z.string()) })),
  ),
  evidence: z.optional(
    z.object({
      location: z.string(),
      observation,
      cause: z.optional(z.enum(['target', 'region', 'dns', 'probe'])),
      votes: z.optional(
        z.array(z.object({ location: z.string(), outcome: z.enum(['up', 'degraded', 'down', 'unknown']) })),
      ),
    }),
  ),
});

const digest = z.looseObject({
  from: time,
  to: time,
  opened: z.number(),
  resolved: z.number(),
  open: z.number(),
  worst: z.array(
    z.looseObject({
      title: z.string(),
      severity: z.enum(severities),
      openedAt: time,
      resolvedAt: z.optional(time),
    }),
  ),
});

/** What rendering and delivering read of an event; other fields pass through. */
const schema = z.looseObject({
  version: z.literal(1),
  id: z.string().check(z.minLength(1)),
  sequence: z.int().check(z.nonnegative()),
  type: z.enum(['firing', 'acknowledged', 'assigned', 'severity-changed', 'commented', 'resolved', 'digest']),
  reason: z.optional(z.string()),
  at: time,
  system: z.string(),
  incident,
  receivers: z.array(z.string()),
  digest: z.optional(digest),
  links: z.object({ incident: z.optional(z.string()), dashboard: z.optional(z.string()) }),
  actor: z.optional(z.string()),
  text: z.optional(z.string()),
});

const envelope = z.object({ Type: z.literal('Notification'), Message: z.string() });

/**
 * The event in a queue message: in SNS's envelope, or raw. Throws where it is neither; the error names fields, never their values.
 */
export function parseEvent(body: string): IncidentEvent {
  const outer = parseJson(body);
  const wrapped = envelope.safeParse(outer);
  const result = schema.safeParse(wrapped.success ? parseJson(wrapped.data.Message) : outer);
  if (result.success) return result.data as unknown as IncidentEvent;
  const problems = result.error.issues.map(({ path, code }) => `${path.join('.') || 'event'} (${code})`);
  throw new Error(`no incident event: ${problems.slice(0, 5).join(', ')}`);
}

/** Without the text in the error, which `JSON.parse` quotes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('no incident event: not JSON');
  }
}
