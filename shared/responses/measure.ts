import type { Incident } from '../incidents/incident.ts';
import { namespaceOf } from '../metrics/catalog.ts';
import type { EmfDocument } from '../metrics/emf.ts';
import { timeToAcknowledge, timeToResolve } from './responses.ts';

/**
 * What a change of an incident says of how it was answered: its first acknowledgement, its end. Undefined where it says nothing, and
 * of tests. What is opened again and ends again is written again, with all the time since it first opened.
 */
export function measuredBy(
  system: string,
  before: Incident | undefined,
  after: Incident,
  now: number,
): EmfDocument | undefined {
  if (after.test) return undefined;
  const acknowledged = before?.firstAcknowledgedAt === undefined ? timeToAcknowledge(after) : undefined;
  const resolved = before?.status === 'resolved' ? undefined : timeToResolve(after);
  if (acknowledged === undefined && resolved === undefined) return undefined;
  return {
    namespace: namespaceOf(system),
    at: now,
    dimensions: { Severity: after.severity },
    values: {
      ...(acknowledged !== undefined && { TimeToAcknowledge: acknowledged }),
      ...(resolved !== undefined && { TimeToResolve: resolved }),
    },
  };
}
