import type { EvidenceItem } from '../history/history.ts';
import { isCalled } from '../oncall/names.ts';
import { channelsOf } from '../oncall/targets.ts';
import { planOf } from '../routing/plan.ts';
import type { Told } from '../suppression/surroundings.ts';
import { type About, describe } from './describe.ts';
import type { AlarmSignal, Incident, Subject } from './incident.ts';
import type { IncidentPorts } from './ports.ts';
import type { Scene } from './transition/change.ts';
import { type AlarmChange, firesAfter, type KnownGroup } from './transition/fold.ts';

export interface GatheredAlarms {
  changes: AlarmChange[];
  known: KnownGroup;
  scene: Scene;
  /** Incidents that are over, of alarms that fire anew. */
  left: string[];
}

/** Reads everything that changes of alarms of one group are judged by. */
export async function gatherAlarms(
  ports: IncidentPorts,
  signals: readonly AlarmSignal[],
): Promise<GatheredAlarms> {
  const described = signals.map((signal) => ({ signal, about: describe(signal, ports.config) }));
  const known = await readGroup(ports, described[0]!.about.groupKey, signals);
  const latest = known.incidents.get(known.group ?? '');
  const open = latest?.status === 'resolved' ? undefined : latest;
  const isNews = ({ key, at }: AlarmSignal) => at > (known.alarms.get(key)?.at ?? Number.NEGATIVE_INFINITY);
  const firing = described.filter(({ signal }) => signal.state === 'ALARM' && isNews(signal));
  const opener = open ? undefined : firing[0];
  const [scene, background] = await Promise.all([
    gatherScene(ports, open, firing.length > 0 ? firing.map(({ about }) => about) : undefined),
    opener && gatherBackground(ports, opener),
  ]);
  const changes = described.map(
    (change): AlarmChange => ({ type: 'alarm', ...change, ...(change === opener && background) }),
  );
  return { changes, known, scene, left: leftBy(signals, known) };
}

async function readGroup(
  { table }: IncidentPorts,
  groupKey: string,
  signals: readonly AlarmSignal[],
): Promise<KnownGroup> {
  const keys = [...new Set(signals.map(({ key }) => key))];
  const [latest, ...records] = await Promise.all([table.readLatest(groupKey), ...keys.map(table.readAlarm)]);
  const alarms = records.filter((record) => record !== undefined);
  const others = new Set(alarms.flatMap(({ incident }) => incident ?? []));
  others.delete(latest.group ?? '');
  const read = [latest.incident, ...(await Promise.all([...others].map(table.readIncident)))];
  return {
    alarms: new Map(alarms.map((alarm) => [alarm.key, alarm])),
    incidents: new Map(read.flatMap((incident) => (incident ? [[incident.id, incident]] : []))),
    ...(latest.group !== undefined && { group: latest.group }),
  };
}

function leftBy(signals: readonly AlarmSignal[], { alarms, incidents }: KnownGroup): string[] {
  const left = signals.flatMap((signal) => {
    const alarm = alarms.get(signal.key);
    const own = incidents.get(alarm?.incident ?? '');
    return own && firesAfter(signal, own, alarm!) ? [own.id] : [];
  });
  return [...new Set(left)];
}

/** What is told of an incident that opens, besides the alarm. */
async function gatherBackground(
  ports: IncidentPorts,
  { signal, about }: Pick<AlarmChange, 'signal' | 'about'>,
) {
  if (signal.test) return {};
  const { subject, at } = signal;
  const [evidence, changes] = await Promise.all([
    readEvidence(ports, subject),
    ports.deploymentsBefore?.(at, about.labels),
  ]);
  return { ...(evidence && { evidence }), ...(changes?.length && { changes }) };
}

export async function readEvidence(
  { evidenceOf }: IncidentPorts,
  subject: Subject,
): Promise<EvidenceItem | undefined> {
  return subject.type === 'monitor' ? evidenceOf(subject.id, subject.aspect ?? 'down') : undefined;
}

/**
 * Reads what it takes to know whom to tell, and whether.
 * @param arriving what alerts are about that may open or join it; undefined where nobody will be told that anything fires
 */
export async function gatherScene(
  ports: IncidentPorts,
  incident: Incident | undefined,
  arriving: readonly Pick<About, keyof Told>[] | undefined,
): Promise<Scene> {
  const { config } = ports;
  const now = ports.now();
  const escalates = config.escalations.length > 0 && config.rotations.length > 0;
  const [suppressionOf, overrides = []] = await Promise.all([
    arriving && ports.suppressions?.(incident, arriving),
    arriving && escalates ? ports.readOverrides?.() : [],
  ]);
  const channels = new Map(config.channels.map((channel) => [channel.id, channel]));
  return {
    now,
    system: config.name,
    reopenWithin: config.reopenWithin,
    links: ports.links,
    suppressionOf: (one) => suppressionOf?.(one, now),
    channelsOf: (target) => channelsOf(target, config, overrides, now),
    fallbackOf: (channel) => channels.get(channel)?.fallback,
    follows: (channel, type) => channels.get(channel)?.follows?.includes(type) ?? false,
    isPerson: (id, name) => isCalled(config.people, id, name),
    planFor: (subject, labels) => planOf(config, subject, labels),
  };
}
