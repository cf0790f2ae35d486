import type { DescribedAlarm } from '../aws/cloudwatch.ts';
import type { WholeIncident } from '../aws/incident-table.ts';
import type { EvidenceItem, Run } from '../history/history.ts';
import type { Window, WindowSummary } from '../history/series.ts';
import type { LocationSummary, MonitorSummary } from '../history/summary.ts';

import type { Alert, Incident, TimelineEntry } from '../incidents/incident.ts';
import { type NextStep, nextStepOf } from '../incidents/next-step.ts';
import { shown } from '../incidents/transition/shown.ts';
import type { CurrentWindow } from '../maintenance/window.ts';
import type { Attempt, Observation } from '../monitors/observation.ts';
import type { LedgerRow } from '../notifications/delivery/ledger.ts';
import type { Trail } from '../notifications/delivery/trail.ts';
import type { Pause } from '../pauses/pause.ts';
import { deploymentResource } from './deployments.ts';
import type { JudgedHeartbeat } from './gather.ts';

/*
 * What the API answers: our own records with ISO times, without what is bookkeeping (fences, versions, sequences).
 * Percentages are text, because `100.000` and `—` are statements about the data. Durations are milliseconds.
 */

const iso = (at: number) => new Date(at).toISOString();
const isoIf = (at: number | undefined) => (at === undefined ? undefined : iso(at));

export type WindowSummaries = Record<Window, WindowSummary>;

export function monitorResource(summary: MonitorSummary, windows: WindowSummaries) {
  const { monitor, state, since, message, responseTime, certificateDaysLeft, pause, maintenance } = summary;
  const { uptime, coverage, responseTimeAverage, responseTimeMax } = windows['24h'];
  return {
    id: monitor.id,
    name: monitor.name,
    kind: monitor.kind,
    group: monitor.group,
    state,
    since: isoIf(since),
    message,
    paused: pause && pauseResource(pause),
    maintenance: maintenance && maintenanceResource(maintenance),
    severity: monitor.alert.severity,
    labels: monitor.labels,
    uptime: {
      '24h': { uptime, coverage },
      '30d': { uptime: windows['30d'].uptime, coverage: windows['30d'].coverage },
    },
    responseTime: { latest: responseTime, average24h: responseTimeAverage, max24h: responseTimeMax },
    certificateDaysLeft,
  };
}

export const heartbeatResource = ({ verdict, record, pings, url }: JudgedHeartbeat) => ({
  state: verdict.state,
  expectedAt: isoIf(verdict.expectedAt),
  lastSuccessAt: isoIf(record.success?.at),
  lastFailureAt: isoIf(record.fail?.at),
  url,
  pings: pings.map((ping) => ({ ...ping, at: iso(ping.at) })),
});

const maintenanceResource = ({ id, from, to, comment }: CurrentWindow) => ({
  id,
  from: iso(from),
  to: iso(to),
  comment,
});

const pauseResource = ({ at, by, reason, until }: Pause) => ({
  at: iso(at),
  by,
  reason,
  until: isoIf(until),
});

export function monitorDetailResource(
  summary: MonitorSummary,
  windows: WindowSummaries,
  evidence: readonly EvidenceItem[],
) {
  const { monitor, locations } = summary;
  return {
    ...monitorResource(summary, windows),
    uptime: windows,
    every: monitor.every,
    timeout: monitor.timeout,
    quorum: monitor.quorum,
    alert: monitor.alert,
    runbook: monitor.runbook,
    conditions: monitor.expect.map(({ line }) => line),
    degraded: monitor.degraded?.map(({ line }) => line),
    locations: locations.map(locationResource),
    evidence: evidence.map(evidenceResource),
  };
}

const locationResource = ({
  location,
  outcome,
  since,
  message,
  responseTime,
  recent,
  stale,
  components,
  note,
}: LocationSummary) => ({
  location,
  outcome,
  stale,
  since: iso(since),
  message,
  responseTime,
  components: components?.map(([name, said, latency]) => ({ name, outcome: said, latency })),
  note,
  recent: recent.map(([slot, seen, time]) => ({ at: iso(slot), outcome: seen, responseTime: time })),
});

export const evidenceResource = ({ location, slot, observation, cause, votes }: EvidenceItem) => ({
  location,
  slot: iso(slot),
  cause,
  votes,
  ...observationResource(observation),
});

export const runResource = (run: Run) => ({
  id: run.id,
  monitor: run.monitor,
  at: iso(run.at),
  by: run.by,
  locations: run.locations,
  waitingFor: waitingFor(run),
  results: run.results.map(evidenceResource),
});

/** A check that was made because of an incident. */
export const meanwhileResource = (run: Run) => ({
  run: run.id,
  monitor: run.monitor,
  at: iso(run.at),
  waitingFor: waitingFor(run),
  results: run.results.map(({ location, observation: { at, outcome, responseTime, message } }) => ({
    location,
    at: iso(at),
    outcome,
    responseTime,
    message,
  })),
});

/** Locations of which nothing has arrived yet. */
export const waitingFor = ({ locations, results }: Run) =>
  locations.filter((location) => !results.some((result) => result.location === location));

/** What a check saw, whoever asked for it. */
export const observationResource = ({ monitor, attempts, ...decisive }: Observation) => ({
  monitor,
  ...attemptResource(decisive),
  attempts: (attempts ?? [decisive]).map(attemptResource),
});

const attemptResource = (attempt: Attempt) => ({ ...attempt, at: iso(attempt.at) });

export function incidentResource(incident: Incident) {
  const { evidence, suppressed, ...rest } = shown(incident);
  return {
    ...rest,
    receivers: incident.plan.receivers.map(({ channel }) => channel),
    openedAt: iso(incident.openedAt),
    acknowledgedAt: isoIf(incident.acknowledgedAt),
    firstAcknowledgedAt: isoIf(incident.firstAcknowledgedAt),
    resolvedAt: isoIf(incident.resolvedAt),
    reopenedAt: isoIf(incident.reopenedAt),
    changes: incident.changes?.map(deploymentResource),
    suppressed: suppressed && { ...suppressed, until: isoIf(suppressed.until) },
    escalation: escalationResource(nextStepOf(incident)),
  };
}

const escalationResource = (escalation: NextStep | undefined) =>
  escalation && { ...escalation, at: isoIf(escalation.at) };

export function incidentDetailResource({ incident, alerts, timeline, deliveries, ledger }: WholeIncident) {
  return {
    incident: incidentResource(incident),
    alerts: alerts.map(alertResource),
    timeline: timeline.map(timelineResource),
    evidence: incident.evidence && evidenceResource(incident.evidence),
    deliveries: deliveries.map(({ channel, sentRevision }) => ({ channel, sentRevision })),
    ledger: ledger.map(ledgerResource),
  };
}

const alertResource = (alert: Alert) => ({
  ...alert,
  startedAt: iso(alert.startedAt),
  endedAt: isoIf(alert.endedAt),
});

const timelineResource = (entry: TimelineEntry) => ({ ...entry, at: iso(entry.at) });
export const trailResource = (trail: Trail) => ({ ...trail, at: isoIf(trail.at) });

const ledgerResource = (row: LedgerRow) => ({ ...row, at: iso(row.at) });

export const alarmResource = (alarm: DescribedAlarm) => ({ ...alarm, since: isoIf(alarm.since) });
