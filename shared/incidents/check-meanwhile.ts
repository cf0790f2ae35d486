import type { Config, Monitor } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import type { RunRequest } from '../history/history.ts';
import { checkedFrom, heartbeatKind } from '../monitors/shards.ts';
import type { AlarmRecord, Incident } from './incident.ts';
import { subjectOf } from './parse-alarm.ts';

/** Time between two checks of a monitor while a critical incident about it lasts, in milliseconds. */
const meanwhileEvery = unitMs.m;

/** Monitors that are checked more often in one minute, at most: the probes have their regular work to do. */
const mostMonitors = 20;

/** Incidents that are read to find them. */
const mostIncidents = 100;

/** Monitors that are checked every minute while a critical incident about them lasts, because they are not always. */
export const checkedMeanwhile = ({ monitors }: Pick<Config, 'monitors'>): Monitor[] =>
  monitors.filter(
    ({ enabled, kind, every, alert, onIncident }) =>
      enabled &&
      kind !== heartbeatKind &&
      every > meanwhileEvery &&
      onIncident?.check !== 0 &&
      [alert, alert.degraded].some((each) => each?.severity === 'critical'),
  );

export interface MeanwhilePorts {
  config: Config;
  /** Epoch milliseconds. */
  now(): number;
  readIncident(id: string): Promise<Incident | undefined>;
  /** Keeps a run with its incident. False where it is there: somebody asked for it already. */
  putMeanwhile(incident: string, run: RunRequest): Promise<boolean>;
  /** Has the probes check a monitor now. */
  startRun(run: RunRequest): Promise<void>;
}

/** Has monitors checked of which critical incidents are open; once a minute, however often it is called. */
export async function checkMeanwhile(ports: MeanwhilePorts, firing: readonly AlarmRecord[]): Promise<void> {
  const suspects = suspectsOf(ports.config, firing);
  const ids = [...new Set(suspects.map(({ incident }) => incident))].slice(0, mostIncidents);
  const incidents = await Promise.all(ids.map(ports.readIncident));
  const urgent = new Set(
    incidents.flatMap((incident) => (incident && isUrgent(incident) ? incident.id : [])),
  );
  const runs = runsOf(ports.config, suspects, urgent, ports.now());
  await Promise.all(
    runs.map(async ({ incident, ...run }) => {
      if (await ports.putMeanwhile(incident, run)) await ports.startRun(run);
    }),
  );
}

interface Suspect {
  monitor: string;
  incident: string;
}

/** Monitors that may be checked more often and whose alarms fire, in the order of the alarms. */
function suspectsOf(config: Config, firing: readonly AlarmRecord[]): Suspect[] {
  const eligible = new Set(checkedMeanwhile(config).map(({ id }) => id));
  return firing.flatMap(({ key, alert, incident }) => {
    if (!alert || incident === undefined) return [];
    const { type, id } = subjectOf(alert.name, key, config.name);
    return type === 'monitor' && eligible.has(id) ? [{ monitor: id, incident }] : [];
  });
}

const isUrgent = ({ status, severity, test }: Incident) =>
  status !== 'resolved' && severity === 'critical' && !test;

function runsOf(
  config: Config,
  suspects: readonly Suspect[],
  urgent: ReadonlySet<string>,
  now: number,
): (RunRequest & { incident: string })[] {
  const at = now - (now % meanwhileEvery);
  const byMonitor = new Map(
    suspects.filter(({ incident }) => urgent.has(incident)).map((each) => [each.monitor, each]),
  );
  return [...byMonitor.values()].slice(0, mostMonitors).map(({ monitor, incident }) => ({
    id: `${incident}-${monitor}-${at / meanwhileEvery}`,
    incident,
    monitor,
    locations: checkedFrom(config, monitor),
    at: now,
    by: 'tocsin',
  }));
}
