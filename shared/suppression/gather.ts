import type { Config, Monitor } from '../config/config.ts';
import type { MonitorSummary } from '../history/summary.ts';
import { identify } from '../incidents/describe.ts';
import type { Alert, Incident } from '../incidents/incident.ts';
import { subjectOf } from '../incidents/parse-alarm.ts';
import type { StartedWindow } from '../maintenance/window.ts';
import type { Silence } from '../silences/silence.ts';
import type { Surroundings, Told } from './surroundings.ts';

/** What gathering needs of the world. */
export interface SurroundingsPorts {
  config: Config;
  readSilences(): Promise<Silence[]>;
  /** Windows that somebody began while everything runs. */
  readWindows(): Promise<StartedWindow[]>;
  /** All that are not resolved. */
  readOpenIncidents(): Promise<Incident[]>;
  readAlerts(incident: string): Promise<Alert[]>;
  /** What was last seen of these monitors. */
  readMonitors(ids: readonly string[]): Promise<MonitorSummary[]>;
}

/**
 * Reads what `suppressionOf` judges by, and no more: the alerts of a group only where anything may hold them back, open incidents and
 * what was seen of monitors only where the config has inhibitions, or monitors that depend on others.
 * @param incident that is open; undefined where one is about to be
 * @param arriving what alerts are about that open or join it, or are part of it already
 */
export async function gatherSurroundings(
  ports: SurroundingsPorts,
  incident: Incident | undefined,
  ...arriving: Told[]
): Promise<Surroundings> {
  const { config } = ports;
  const { inhibitions } = config;
  const [silences, started] = await Promise.all([ports.readSilences(), ports.readWindows()]);
  const windows = [...config.maintenance, ...started];
  const mayHold =
    [...silences, ...windows, ...inhibitions].length > 0 ||
    config.monitors.some(({ dependsOn }) => dependsOn);
  // In a storm a group has thousands of alerts, and mostly there is nothing that could hold them back.
  const firing = mayHold ? await readFiring(ports, incident, arriving) : arriving;
  const related = relatives(config.monitors, firing);
  const [open, monitors] = await Promise.all([
    inhibitions.length > 0 || related.length > 0 ? ports.readOpenIncidents() : [],
    related.length > 0 ? ports.readMonitors(related) : [],
  ]);
  return { silences, windows, inhibitions, open, monitors, firing };
}

async function readFiring(
  { readAlerts, config }: SurroundingsPorts,
  incident: Incident | undefined,
  arriving: readonly Told[],
): Promise<Told[]> {
  const itself = incident ? [{ subject: incident.subject, labels: incident.labels }] : [];
  const known = eachOnce([...itself, ...arriving]);
  if (!incident || (incident.alerts <= 1 && known.length === 1)) return known;
  const alerts = await readAlerts(incident.id);
  const firing = alerts
    .filter(({ endedAt }) => endedAt === undefined)
    .map(({ name, alarm }) => identify(subjectOf(name, alarm, config.name), config));
  return eachOnce([...firing, ...arriving]);
}

const eachOnce = (told: readonly Told[]): Told[] => [
  ...new Map(told.map((each) => [nameOf(each), each])).values(),
];

const nameOf = ({ subject: { type, id, aspect } }: Told) => [type, id, aspect].join('/');

/** Ids of the monitors concerned that depend on others, and of all these; none where none does. */
function relatives(monitors: readonly Monitor[], told: readonly Told[]): string[] {
  const byId = new Map(monitors.map((monitor) => [monitor.id, monitor]));
  const found = new Set<string>();
  const visit = (id: string) => {
    const monitor = byId.get(id);
    if (!monitor || found.has(id)) return;
    found.add(id);
    monitor.dependsOn?.forEach(visit);
  };
  for (const { subject } of told)
    if (subject.type === 'monitor' && byId.get(subject.id)?.dependsOn) visit(subject.id);
  return [...found];
}
