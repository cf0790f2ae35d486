import type { IncidentPorts } from './ports.ts';

/**
 * Does an incident's pending effects in sequence and marks each done. Stops at the first that fails, so that nothing is told
 * before what came earlier. Two at a time may do the same effect twice: receivers know an event by its id and revision.
 */
export async function flush(
  { table, publish, schedule }: Pick<IncidentPorts, 'table' | 'publish' | 'schedule'>,
  incident: string,
): Promise<void> {
  for (const { effect, scheduled } of await table.readPending(incident)) {
    if (effect.kind === 'publish') {
      await publish(effect.event);
      await table.markDone(incident, effect.sequence);
    } else if (!scheduled) {
      await schedule(effect.timer);
      await table.markScheduled(incident, effect.sequence);
    }
  }
}
