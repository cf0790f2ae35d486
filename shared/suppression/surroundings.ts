import type { MonitorSummary } from '../history/summary.ts';
import type { Incident, Subject } from '../incidents/incident.ts';
import type { MaintenanceWindow, StartedWindow } from '../maintenance/window.ts';
import type { Silence } from '../silences/silence.ts';
import type { Inhibition } from './suppression.ts';

/** What is to be told: an incident, or one alert of it. */
export interface Told {
  subject: Subject;
  labels: Readonly<Record<string, string>>;
}

/** Everything that may hold an incident back, as it was read; what follows from it is pure. */
export interface Surroundings {
  silences: readonly Silence[];
  /** Those of the config, and those that somebody began while everything runs. */
  windows: readonly (MaintenanceWindow | StartedWindow)[];
  inhibitions: readonly Inhibition[];
  /** Incidents that are open. Read only where there are inhibitions, or parents. */
  open: readonly Pick<Incident, 'id' | 'title' | 'subject' | 'labels' | 'severity'>[];
  /** The monitors concerned that depend on others, and all these: what was last seen of them. */
  monitors: readonly MonitorSummary[];
  /** What fires in it. Held back is an incident of which all is. */
  firing: readonly Told[];
}

/** The labels that silences and inhibitions are matched with: those of routes, and `alertname` as Alertmanager's tools know it. */
export const alertLabels = ({ subject, labels }: Told): Record<string, string> => ({
  alertname: subject.id,
  ...labels,
});
