import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { deliver } from '../../shared/notifications/delivery/deliver.ts';
import type { ChannelKind } from '../../shared/notifications/kind.ts';
import { openedAt } from './events.ts';

interface Place {
  /** Values by the secrets' names. */
  secrets?: Record<string, string>;
  /** Of a fake provider with a fixed address. */
  outbox?: string;
  previous?: string;
  /** Default true. */
  allowLoopback?: boolean;
  /** Where AWS is. */
  endpoint?: string;
}

/** One attempt to tell a channel of a kind about an event: what came of it. */
export async function tell<Settings, Message>(
  kind: ChannelKind<Settings, Message>,
  event: IncidentEvent,
  given: object,
  { secrets = {}, endpoint, ...place }: Place,
) {
  const delivered = await deliver(kind, event, kind.settings.parse(given), {
    aws: {
      region: 'eu-central-1',
      accessKeyId: 'tester',
      secretAccessKey: 'secret',
      ...(endpoint && { endpoint }),
    },
    readSecret: async (name) => {
      const value = secrets[name];
      if (value === undefined) throw new Error(`secret ${name} is missing`);
      return value;
    },
    now: () => openedAt,
    allowLoopback: true,
    timeoutMs: 2_000,
    ...place,
  });
  return delivered.verdict;
}
