import type { IncidentTable } from '../aws/incident-table.ts';
import type { Config } from '../config/config.ts';
import type { Deployment } from '../deployments/deployment.ts';
import type { EvidenceItem } from '../history/history.ts';
import type { Override } from '../oncall/rotation.ts';
import type { Suppression } from '../suppression/suppression.ts';
import type { Told } from '../suppression/surroundings.ts';
import type { Incident, IncidentEvent, Timer } from './incident.ts';

/** What changing incidents needs of the world. */
export interface IncidentPorts {
  table: IncidentTable;
  config: Config;
  /** Epoch milliseconds. */
  now(): number;
  publish(event: IncidentEvent): Promise<void>;
  /** Sees to it that the timer arrives when it is due, or earlier. */
  schedule(timer: Timer): Promise<void>;
  /** The latest observation of a monitor that was down, or degraded. */
  evidenceOf(monitor: string, outcome: 'down' | 'degraded'): Promise<EvidenceItem | undefined>;
  /**
   * Reads what may hold an incident back, and judges by it. Absent: nothing does.
   * @param incident undefined where one is about to open
   * @param arriving what the alerts are about that open or join it
   */
  suppressions?(
    incident: Incident | undefined,
    arriving: readonly Told[],
  ): Promise<(incident: Incident, now: number) => Suppression | undefined>;
  /** Who takes rotations over. Absent: nobody does. */
  readOverrides?(): Promise<Override[]>;
  /** What was deployed shortly before a moment that may concern an incident with these labels. Absent: nothing. */
  deploymentsBefore?(at: number, labels: Readonly<Record<string, string>>): Promise<Deployment[]>;
  /** Keeps a deployment that EventBridge told of. Absent: none is kept. */
  putDeployment?(deployment: Deployment): Promise<void>;
  /** Told of every change that was stored, once. Absent: nobody is. */
  observe?(before: Incident | undefined, after: Incident): void;
  links(incident: string): IncidentEvent['links'];
  /** A pause before trying again, longer with each attempt and different for everybody. */
  backoff(attempt: number): Promise<unknown>;
}
