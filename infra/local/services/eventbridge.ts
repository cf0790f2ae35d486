import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Answer, Service } from '../service.ts';
import { operation, serviceOf } from './operations.ts';
import type { Outbox } from './outbox.ts';
import { readableText } from './readable-text.ts';

const entries = z
  .array(
    z.strictObject({
      Source: z.string(),
      DetailType: z.string(),
      Detail: z.string(),
      Resources: z.optional(z.array(z.string())),
      EventBusName: z.optional(z.string()),
      Time: z.optional(z.number()),
    }),
  )
  .check(z.minLength(1), z.maxLength(10));

/**
 * EventBridge. Buses are in the account, so no event leaves the machine: each is recorded, under the channel that names its bus.
 * @param channelOf undefined where no channel does
 */
export function createEventBridge(
  outbox: Outbox,
  channelOf: (busArn: string) => string | undefined,
): Service {
  return serviceOf('EventBridge', {
    PutEvents: operation({ Entries: entries }, ({ Entries }): Answer => {
      for (const { EventBusName = 'default', ...event } of Entries)
        outbox.record({
          channel: channelOf(EventBusName) ?? 'eventbridge',
          to: [EventBusName],
          subject: event.DetailType,
          text: readableText(event.Detail),
          request: event,
          response: { status: 200, body: '', delivery: 'captured' },
        });
      return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: randomUUID() })) };
    }),
  });
}
