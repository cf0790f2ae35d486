import type { DescribeAlarms, DescribedAlarm } from '../aws/cloudwatch.ts';
import { type MaintenanceWindow, windowAt } from '../maintenance/window.ts';
import { applyEvent, type IncidentPorts } from './apply.ts';
import { flush } from './flush.ts';
import type { AlarmRecord, AlarmSignal, Alert } from './incident.ts';
import { subjectOf } from './parse-alarm.ts';
import { isTestReason } from './test-alert.ts';

/** Milliseconds a notification may be on its way before its absence counts, redelivery after an error included. */
export const patienceMs = 2 * 60_000;

/**
 * Milliseconds by which an alarm that fires, here and there, must have fired anew: below it the two times are one change,
 * written by two clocks. An alarm cannot go to OK and back faster.
 */
const sameChangeMs = 10_000;

/** Milliseconds after which an effect that is pending or a timer that is due has been forgotten. */
const overdueMs = 60_000;

export interface ReconcilePorts extends IncidentPorts {
  describeAlarms: DescribeAlarms;
  /** Beginning of the ARNs of our own alarms: `arn:aws:cloudwatch:<region>:<account>:alarm:<system>/`. */
  ownAlarms: string;
}

/** Beginning of the ARNs of our own alarms, which live beside the topic that has this ARN. */
export function ownAlarms(topicArn: string, system: string): string {
  const [arn, partition, , region, account] = topicArn.split(':');
  return [arn, partition, 'cloudwatch', region, account, 'alarm', `${system}/`].join(':');
}

export interface Reconciled {
  /** Differences that were healed; those of form `muted` were to be expected. */
  drift: AlarmSignal[];
  /** Our alarms that fire in CloudWatch. */
  inAlarm: DescribedAlarm[];
  /** The last seen of alarms that fire here, as they were before. */
  firing: AlarmRecord[];
  /** Incidents whose overdue effects or timers were done. */
  overdue: string[];
  /** What went wrong: the others were still done. */
  failures: unknown[];
}

/** Compares incidents with CloudWatch and applies what got lost; then does effects and timers that are overdue. */
export async function reconcile(ports: ReconcilePorts): Promise<Reconciled> {
  const failures: unknown[] = [];
  const attempt = async <Result>(task: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await task();
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  };
  const nothing = { drift: [], inAlarm: [], firing: [] };
  const { drift, inAlarm, firing } = (await attempt(() => gatherDrift(ports))) ?? nothing;
  for (const signal of drift) await attempt(() => applyEvent(ports, { type: 'alarm', signal }));
  const overdue = (await attempt(() => ports.table.listOverdue(ports.now() - overdueMs))) ?? [];
  const byIncident = [...Map.groupBy(overdue, ({ incident }) => incident)];
  for (const [incident, effects] of byIncident) {
    await attempt(() => flush(ports, incident));
    for (const { effect } of effects) {
      if (effect.kind !== 'timer') continue;
      await attempt(() => applyEvent(ports, { type: 'timer', timer: effect.timer }));
    }
  }
  return { drift, inAlarm, firing, overdue: byIncident.map(([incident]) => incident), failures };
}

async function gatherDrift(ports: ReconcilePorts): Promise<Pick<Reconciled, 'drift' | 'inAlarm' | 'firing'>> {
  const system = ports.config.name;
  // Not all alarms: of ten thousand, those that are OK and expected to be would be a hundred paid requests a minute.
  const [inAlarm, firing] = await Promise.all([
    ports.describeAlarms({ prefix: `${system}/`, state: 'ALARM' }),
    ports.table.listFiring(),
  ]);
  const alerts = firing.flatMap(({ alert }) => alert ?? []);
  const alarms = [...inAlarm, ...(await describeRecovered(ports, inAlarm, alerts))];
  const listed = new Set(firing.map(({ key }) => key));
  const others = inAlarm.filter(({ arn }) => !listed.has(arn));
  const read = await Promise.all(others.map(({ arn }) => ports.table.readAlarm(arn)));
  const known = [...firing, ...read.flatMap((record) => record ?? [])];
  const windows = ports.config.maintenance;
  const seen = { system, ownAlarms: ports.ownAlarms, alarms, firing: alerts, known, windows };
  return { drift: findDrift(seen, ports.now()), inAlarm, firing };
}

/** Our own alarms that fire here and not in CloudWatch, as far as they still exist. */
async function describeRecovered(
  { describeAlarms, ownAlarms }: ReconcilePorts,
  inAlarm: DescribedAlarm[],
  firing: Alert[],
): Promise<DescribedAlarm[]> {
  const known = new Set(inAlarm.map(({ name }) => name));
  const names = firing
    .filter(({ alarm, name }) => alarm.startsWith(ownAlarms) && !known.has(name))
    .map(({ name }) => name);
  return names.length > 0 ? describeAlarms({ names: [...new Set(names)] }) : [];
}

export interface Seen {
  system: string;
  ownAlarms: string;
  /** Our own alarms that fire, here or there, as CloudWatch has them. */
  alarms: DescribedAlarm[];
  /** Alerts that fire, also in incidents that a person resolved. */
  firing: Alert[];
  /** The last seen of alarms that fire, here or there. */
  known: AlarmRecord[];
  /** While they are on, CloudWatch tells of no alarm and of no recovery. */
  windows: readonly MaintenanceWindow[];
}

/** What CloudWatch should have told us and did not, or what told us is no more. Pure. */
export function findDrift(seen: Seen, now: number): AlarmSignal[] {
  const { system, ownAlarms, alarms, firing, known } = seen;
  const records = new Map(known.map((record) => [record.key, record]));
  const described = new Map(alarms.map((alarm) => [alarm.arn, alarm]));
  const settled = alarms.filter(({ since }) => since !== undefined && now - since >= patienceMs);

  const lostAlarms = settled
    .filter((alarm) => alarm.state === 'ALARM' && alarm.actionsEnabled)
    .filter((alarm) => firesAnew(alarm, records.get(alarm.arn)))
    .map((alarm) => reconciledSignal(alarm, alarm.arn, seen));

  const lostRecoveries = firing.flatMap(({ alarm: key }) => {
    const alarm = described.get(key) ?? described.get(parentOf(key));
    const record = records.get(key);
    const lost = alarm?.state === 'OK' && settled.includes(alarm) && record && alarm.since! > record.at;
    return lost ? [reconciledSignal(alarm, key, seen)] : [];
  });

  const deleted = firing
    .filter(({ alarm }) => alarm.startsWith(ownAlarms))
    .filter(({ alarm }) => !described.has(alarm) && !described.has(parentOf(alarm)))
    .filter(({ startedAt }) => now - startedAt >= patienceMs)
    .map((alert) => deletedSignal(alert, system, now));

  return [...lostAlarms, ...lostRecoveries, ...deleted].sort((a, b) => a.at - b.at);
}

function firesAnew({ since }: DescribedAlarm, record: AlarmRecord | undefined): boolean {
  if (!record) return true;
  return since! > record.at + (record.state === 'ALARM' ? sameChangeMs : 0);
}

/** A contributor's alert is keyed by its alarm's ARN, `#` and its own id. */
const parentOf = (key: string) => key.slice(0, Math.max(0, key.lastIndexOf('#')));

function reconciledSignal(alarm: DescribedAlarm, key: string, { system, windows }: Seen): AlarmSignal {
  const subject = subjectOf(alarm.name, key, system);
  const isMuted = subject.type === 'monitor' && windowAt(windows, subject.id, alarm.since!) !== undefined;
  const why = isMuted
    ? 'CloudWatch mutes it in a maintenance window'
    : 'its notification was lost; found by comparing with CloudWatch';
  return {
    form: isMuted ? 'muted' : 'reconciled',
    key,
    name: alarm.name,
    ...(alarm.description && { description: alarm.description }),
    state: alarm.state,
    at: alarm.since!,
    reason: `${alarm.reason} (${why})`,
    ...(isTestReason(alarm.reason) && { test: true }),
    subject,
  };
}

function deletedSignal({ alarm, name }: Alert, system: string, now: number): AlarmSignal {
  return {
    form: 'deleted',
    key: alarm,
    name,
    state: 'OK',
    at: now,
    reason: 'the alarm no longer exists in CloudWatch',
    subject: subjectOf(name, alarm, system),
  };
}
