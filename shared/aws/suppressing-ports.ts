import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { applyEvent, type IncidentPorts } from '../incidents/apply.ts';
import type { WindowPorts } from '../maintenance/starting.ts';
import type { SilencePorts } from '../silences/silencing.ts';
import type { Suppression } from '../suppression/suppression.ts';
import { backoff } from './backoff.ts';
import type { IncidentVariables } from './incident-environment.ts';
import { silenceTable } from './silence-table.ts';
import { windowTable } from './window-table.ts';

/** The real world of silences, and of maintenance windows that somebody begins, beside that of incidents. */
export function connectSuppressing(
  client: DynamoDBDocumentClient,
  variables: IncidentVariables,
  incidents: IncidentPorts,
): { silences: SilencePorts; maintenance: WindowPorts } {
  const { config, now } = incidents;
  return {
    silences: {
      ...silenceTable(client, variables.INCIDENTS_TABLE, backoff),
      now,
      newId: randomUUID,
      wake: (silence) => wake(incidents, 'silence', silence),
    },
    maintenance: {
      ...windowTable(client, variables.HISTORY_TABLE),
      config,
      now,
      newId: () => `started-${randomUUID().slice(0, 8)}`,
      wake: (window) => wake(incidents, 'maintenance', window),
    },
  };
}

/** Has the open incidents that this holds back looked at again. */
async function wake(ports: IncidentPorts, by: Suppression['by'], id: string): Promise<void> {
  const open = await Promise.all((await ports.table.listOpen()).map(ports.table.readIncident));
  for (const incident of open)
    if (incident?.suppressed?.by === by && incident.suppressed.id === id)
      await applyEvent(ports, { type: 'recheck', incident: incident.id });
}
