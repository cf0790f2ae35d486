import type { DescribedAlarm } from '../aws/cloudwatch.ts';
import type { Config } from '../config/config.ts';
import { unitMs } from '../duration.ts';
import type { Incident } from '../incidents/incident.ts';
import { testReason } from '../incidents/test-alert.ts';
import type { LedgerRow } from '../notifications/delivery/ledger.ts';
import { emailSubscription } from '../notifications/email/settings.ts';
import { alarmOf, assertUnmuted, assertUsable, isTest, overReason } from './alarm.ts';
import { answersIn, type ChannelAnswer } from './answers.ts';
import { chooseMonitor, receiversFor, type Wanted } from './choose.ts';

/** Milliseconds after which nobody asks for a test of which there is no incident. */
const forgottenMs = unitMs.h;

/** Milliseconds by which CloudWatch's clock may be behind ours. */
const skewMs = 2_000;

/** Milliseconds within which an incident comes of a test, if any: CloudWatch says when it opened. */
const openingMs = 5 * unitMs.m;

/** Alarms, as a test needs them. */
export interface AlarmPorts {
  describeAlarm(name: string): Promise<DescribedAlarm | undefined>;
  setAlarm(name: string, state: 'OK' | 'ALARM', reason: string): Promise<void>;
}

export interface TestingPorts {
  config: Config;
  /** Epoch milliseconds. */
  now(): number;
  alarms: AlarmPorts;
  /** Those that opened with `from` ≤ openedAt < `to`, oldest first. */
  listIncidentsBetween(from: number, to: number): Promise<Incident[]>;
  readLedger(incident: string): Promise<LedgerRow[]>;
}

/** A test alert as far as it has come. Nothing is stored of it but its incident: its id says when it began, and with which monitor. */
export interface TestAlert {
  id: string;
  monitor: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Channels that the monitor's incidents are routed to. */
  receivers: string[];
  /** Those of them that SNS tells by itself, without an answer to show. */
  unanswered: string[];
  /** `waiting` until its incident is there. */
  state: 'waiting' | 'firing' | 'over';
  incident?: string;
  /** To the alert, then to its end. */
  answers: ChannelAnswer[];
}

/**
 * Sets the alarm of a monitor that fits: the very path of a real alert. The alarm is set back by `endTest`, by its next evaluation
 * in CloudWatch, or by reconcile.
 * @throws TestRefusal where no monitor fits, or its alarm cannot be set as things are
 */
export async function startTest(ports: TestingPorts, wanted: Wanted, by: string): Promise<TestAlert> {
  const { config, alarms } = ports;
  const { monitor } = chooseMonitor(config, wanted);
  const startedAt = ports.now();
  assertUnmuted(config, monitor, startedAt);
  const alarm = alarmOf(config, monitor.id);
  assertUsable(alarm, monitor.id, await alarms.describeAlarm(alarm));
  await alarms.setAlarm(alarm, 'ALARM', testReason(by));
  return testAlert(config, monitor.id, startedAt);
}

/** What came of a test so far; undefined where there was none of that id, or none any more. */
export async function readTest(ports: TestingPorts, id: string): Promise<TestAlert | undefined> {
  const { monitor, startedAt } = parseId(ports, id) ?? {};
  if (monitor === undefined || startedAt === undefined) return undefined;
  const incidents = await ports.listIncidentsBetween(startedAt - skewMs, startedAt + openingMs);
  const incident = incidents.find(
    ({ test, subject }) => test && subject.type === 'monitor' && subject.id === monitor,
  );
  if (!incident && ports.now() - startedAt > forgottenMs) return undefined;
  return testAlert(
    ports.config,
    monitor,
    startedAt,
    incident,
    incident && (await ports.readLedger(incident.id)),
  );
}

/** Ends a test now; nothing where it is over. */
export async function endTest({ config, alarms }: TestingPorts, { monitor }: TestAlert): Promise<void> {
  const alarm = await alarms.describeAlarm(alarmOf(config, monitor));
  if (alarm && isTest(alarm)) await alarms.setAlarm(alarm.name, 'OK', overReason(alarm.reason));
}

function testAlert(
  config: Config,
  monitorId: string,
  startedAt: number,
  incident?: Incident,
  ledger: readonly LedgerRow[] = [],
): TestAlert {
  const monitor = config.monitors.find(({ id }) => id === monitorId);
  const receivers = monitor ? receiversFor(config, monitor) : [];
  const bySns = new Set(config.channels.flatMap(({ id, kind }) => (kind === emailSubscription ? [id] : [])));
  const channels = receivers.filter((channel) => !bySns.has(channel));
  const events = ['firing', 'resolved'] as const;
  return {
    id: `${startedAt}-${monitorId}`,
    monitor: monitorId,
    startedAt,
    receivers,
    unanswered: receivers.filter((channel) => bySns.has(channel)),
    state: stateOf(incident),
    ...(incident && { incident: incident.id }),
    answers: events.flatMap((event) => answersIn(ledger, event, channels)),
  };
}

function stateOf(incident: Incident | undefined): TestAlert['state'] {
  if (!incident) return 'waiting';
  return incident.status === 'resolved' ? 'over' : 'firing';
}

function parseId({ config, now }: TestingPorts, id: string) {
  const [, startedAt, monitor] = /^(\d{13})-(.+)$/.exec(id) ?? [];
  const isKnown = config.monitors.some((each) => each.id === monitor);
  return isKnown && Number(startedAt) <= now() ? { monitor, startedAt: Number(startedAt) } : undefined;
}
