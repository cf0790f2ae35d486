import type { Config } from '../config/config.ts';
import { IncidentRefusal } from '../incidents/errors.ts';
import type { Incident } from '../incidents/incident.ts';
import { isPaused, type Pause } from './pause.ts';

/** What pausing needs of the world. */
export interface PausePorts {
  config: Pick<Config, 'name' | 'monitors'>;
  /** Epoch milliseconds. */
  now(): number;
  /** As they are now, not a moment ago. */
  readPauses(): Promise<Pause[]>;
  /** In place of an earlier one of the same monitor. */
  putPause(pause: Pause): Promise<void>;
  /** Unless it has been replaced meanwhile. */
  deletePause(pause: Pause): Promise<void>;
  /** Has probes leave these monitors alone, for a while: to be repeated. */
  tellProbes(paused: readonly string[]): Promise<void>;
  /** Whether these alarms tell anybody of their changes. */
  enableActions(alarms: readonly string[], enabled: boolean): Promise<void>;
  /** Sets an alarm to OK, until its metric says otherwise. */
  setOk(alarm: string, reason: string): Promise<void>;
  /** The open incident of a group, e.g. `monitor/website`. */
  readOpen(group: string): Promise<Incident | undefined>;
  resolve(incident: string, actor: string, text: string): Promise<unknown>;
  /** Ends what fires of these alarms in incidents that are about others as well. */
  endAlerts(alarms: readonly string[], reason: string): Promise<void>;
}

/** What a monitor may be: groups of incidents, and the ends of its alarms' names. */
const groupsOf = ({ config }: PausePorts, monitor: string): string[] => {
  const { alert } = config.monitors.find(({ id }) => id === monitor) ?? {};
  return [`monitor/${monitor}`, ...(alert?.degraded ? [`monitor/${monitor}/degraded`] : [])];
};

const alarmsOf = (ports: PausePorts, monitor: string) =>
  groupsOf(ports, monitor).map((group) => `${ports.config.name}/${group}`);

/** Pauses a monitor: from now on what is seen of it counts for nothing, and its open incident is resolved. */
export async function pauseMonitor(ports: PausePorts, pause: Pause): Promise<void> {
  await ports.putPause(pause);
  await tellProbes(ports);
  await enforce(ports, [pause]);
}

/** Ends the pause of a monitor; nothing where there is none. If it still fails, it fires again. */
export async function resumeMonitor(ports: PausePorts, monitor: string): Promise<void> {
  const pause = (await ports.readPauses()).find((each) => each.monitor === monitor);
  if (!pause) return;
  // Written first: whoever goes on after a crash sees that it is to end.
  const ended = { ...pause, until: ports.now() };
  await ports.putPause(ended);
  await tellProbes(ports);
  await end(ports, ended);
}

/** Once a minute: ends pauses whose end has come, and repeats what others may have undone or left undone. */
export async function keepPauses(ports: PausePorts): Promise<Pause[]> {
  const pauses = await ports.readPauses();
  const watched = new Set(ports.config.monitors.flatMap(({ id, enabled }) => (enabled ? [id] : [])));
  const [kept, gone] = partition(pauses, ({ monitor }) => watched.has(monitor));
  const [active, ended] = partition(kept, (pause) => isPaused(pause, ports.now()));
  if (pauses.length > 0) await tellProbes(ports);
  for (const pause of gone) await ports.deletePause(pause);
  for (const pause of ended) await end(ports, pause);
  if (active.length > 0) await enforce(ports, active);
  return active;
}

async function tellProbes(ports: PausePorts): Promise<void> {
  const holding = (await ports.readPauses()).filter((pause) => isPaused(pause, ports.now()));
  await ports.tellProbes(holding.map(({ monitor }) => monitor));
}

/** Sees to it that paused monitors raise no alarm and have no open incident. Repeating it changes nothing. */
async function enforce(ports: PausePorts, pauses: readonly Pause[]): Promise<void> {
  await ports.enableActions(
    pauses.flatMap(({ monitor }) => alarmsOf(ports, monitor)),
    false,
  );
  for (const pause of pauses) {
    for (const group of groupsOf(ports, pause.monitor)) {
      const open = await ports.readOpen(group);
      if (open) await resolveOpen(ports, open, pause);
    }
    await ports.endAlerts(alarmsOf(ports, pause.monitor), `${wordsOf(pause)}, by ${pause.by}`);
  }
  // Somebody may have resumed one meanwhile, whose alarm must not stay silent.
  const holding = (await ports.readPauses()).filter((pause) => isPaused(pause, ports.now()));
  const resumed = pauses.filter(({ monitor }) => !holding.some((pause) => pause.monitor === monitor));
  if (resumed.length > 0)
    await ports.enableActions(
      resumed.flatMap(({ monitor }) => alarmsOf(ports, monitor)),
      true,
    );
}

const wordsOf = ({ monitor, reason }: Pause) => [`${monitor} is paused`, reason].filter(Boolean).join(': ');

async function resolveOpen(ports: PausePorts, { id }: Incident, pause: Pause) {
  try {
    await ports.resolve(id, pause.by, wordsOf(pause));
  } catch (error) {
    if (!(error instanceof IncidentRefusal)) throw error;
  }
}

/** Actions first: the change to OK is told as well, and ends the alert that a paused incident left behind. */
async function end(ports: PausePorts, pause: Pause): Promise<void> {
  const alarms = alarmsOf(ports, pause.monitor);
  await ports.enableActions(alarms, true);
  for (const alarm of alarms) await ports.setOk(alarm, `the pause of ${pause.monitor} is over`);
  await ports.deletePause(pause);
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
