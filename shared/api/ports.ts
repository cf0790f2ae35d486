import type { DescribedAlarm } from '../aws/cloudwatch.ts';
import type { WholeIncident } from '../aws/incident-table.ts';
import type { ReadSecret } from '../aws/secrets.ts';
import type { Config } from '../config/config.ts';
import type { DeploymentPorts } from '../deployments/recording.ts';
import type { HeartbeatRecord, Ping } from '../heartbeats/record.ts';
import type { EvidenceItem, NowItem, RollupItem, Run, RunRequest } from '../history/history.ts';
import type { Action } from '../incidents/apply.ts';
import type { Incident } from '../incidents/incident.ts';
import type { WindowPorts } from '../maintenance/starting.ts';
import type { LedgerRow } from '../notifications/delivery/ledger.ts';
import type { OverridePorts } from '../oncall/overriding.ts';
import type { Pause } from '../pauses/pause.ts';
import type { SilencePorts } from '../silences/silencing.ts';
import type { AlarmPorts } from '../test-alerts/testing.ts';
import type { Report } from './errors.ts';

/** What API and console read and change; everything else in them is pure. */
export interface Ports {
  config: Config;
  /** Epoch milliseconds. */
  now(): number;
  /** Every shard's latest. */
  readNow(): Promise<NowItem[]>;
  /** Roll-ups of every shard with `from` ≤ start < `to`. */
  readRollups(period: 'HOUR' | 'DAY', from: number, to: number): Promise<RollupItem[]>;
  /** The latest failing observation of every location, newest first. */
  readEvidence(monitor: string): Promise<EvidenceItem[]>;
  /** The JPEG of a page as a check saw it; undefined where there is none. */
  readScreenshot(monitor: string, location: string, at: number): Promise<Uint8Array | undefined>;
  /** What is known of a heartbeat. */
  readHeartbeat(monitor: string): Promise<Heartbeat>;
  /** All that are not resolved, oldest first. */
  listOpenIncidents(): Promise<Incident[]>;
  /** Newest first, at most `limit`. */
  listIncidents(limit: number): Promise<Incident[]>;
  /** Those that opened with `from` ≤ openedAt < `to`, oldest first. */
  listIncidentsBetween(from: number, to: number): Promise<Incident[]>;
  readIncident(id: string): Promise<WholeIncident | undefined>;
  /** What became of the notifications of an incident, or of a digest. */
  readLedger(id: string): Promise<LedgerRow[]>;
  /** A person's action. Throws `IncidentRefusal` where the incident does not allow it. */
  act(incident: string, action: Action): Promise<unknown>;
  /** Monitors that are paused, and pauses that are about to end. */
  readPauses(): Promise<Pause[]>;
  pause(pause: Pause): Promise<void>;
  /** Ends the pause of a monitor; nothing where there is none. */
  resume(monitor: string): Promise<void>;
  silences: SilencePorts;
  maintenance: WindowPorts;
  deployments: DeploymentPorts;
  /** Who stands in for others on call. */
  overrides: OverridePorts;
  /** Has the probes check a monitor now. @returns the run's id */
  startRun(wanted: Omit<RunRequest, 'id'>): Promise<string>;
  /** What came of it so far; undefined where there is no such run, or none any more. */
  readRun(id: string): Promise<Run | undefined>;
  /** Runs that were asked for because of an incident, the newest first; kept for an hour. */
  readMeanwhile(incident: string, limit: number): Promise<Run[]>;
  /** Alarms of this system, as CloudWatch has them now. */
  describeAlarms(): Promise<DescribedAlarm[]>;
  /** One of them, to be tested. */
  alarms: AlarmPorts;
  /** The bearer token of the API. Throws where there is none. */
  readAdminToken(): Promise<string>;
  /** One of the system's secrets, by its name in the config. Throws where there is none. */
  readSecret: ReadSecret;
  /** Answers a click where Slack asks it to be answered. @param channel id of the channel clicked in */
  answerSlack(channel: string, url: string, body: object): Promise<unknown>;
  /** Told of what failed on our side, which the client is not. */
  report: Report;
  /** Only in the local runtime. */
  local?: LocalPorts;
  /** The CloudWatch dashboard. */
  dashboardUrl?: string;
}

/** A job that tells us it ran, as far as it has. */
export interface Heartbeat {
  record: HeartbeatRecord;
  /** The newest first. */
  pings: Ping[];
  /** Where it pings. Whoever has it may ping. */
  url: string;
}

/** What the local runtime alone has: its outbox and the demo site. */
export interface LocalPorts {
  readOutbox(): Promise<OutboxEntry[]>;
  readDemo(): Promise<DemoState | undefined>;
}

/** A notification that left the local runtime, or would have. */
export interface OutboxEntry {
  channel: string;
  /** Addresses with commas between them, or what kind of receiver it is. */
  to: string;
  subject?: string | undefined;
  text: string;
  /** ISO 8601 */
  at: string;
  request?: unknown;
  response: { status: number; body: string; delivery: 'captured' | 'forwarded' };
}

export interface DemoState {
  url: string;
  fault: string;
}
