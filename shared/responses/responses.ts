import type { Incident } from '../incidents/incident.ts';
import { type Severity, severities } from '../severity.ts';
import { coveredMs, type Interval } from './intervals.ts';

/** Milliseconds within which somebody is to acknowledge an incident, by its severity. Absent: no matter when. */
export type ResponseTargets = Partial<Record<Severity, number>>;

/** How incidents of a span of time were answered. Means are milliseconds, absent where there is nothing to average. */
export interface Responses {
  /** Incidents that opened in the span. Tests are none. */
  incidents: number;
  /** Of those: not over; acknowledged once at least; never acknowledged, over or not; opened again after their end. */
  open: number;
  acknowledged: number;
  unacknowledged: number;
  reopened: number;
  /** From opening to the first acknowledgement, of those that were acknowledged. */
  mtta?: number;
  /** From opening to the last end, of those that are over: what is opened again goes on. */
  mttr?: number;
  /** Of those that have a target: answered in time, too late, and not yet. The end of an incident is an answer as well. */
  inTime: number;
  late: number;
  waiting: number;
}

/** How often what is watched failed, and for how long. */
export interface Failures {
  /** Incidents about something that did not work: not those that are degraded, nor those about Tocsin itself. */
  failures: number;
  /** Milliseconds of the span in which at least one such incident was open, also one that opened before. */
  downtime: number;
  /** Milliseconds of the span that were planned work. */
  maintenance: number;
  /** Time that was neither downtime nor planned work, per failure. Absent without a failure: that is neither never nor 0. */
  mtbf?: number;
}

export interface ResponseReport extends Interval, Responses, Failures {
  /** Of every severity, the worst first. */
  bySeverity: (Responses & { severity: Severity; target?: number })[];
  /** Of every service that had an incident, the most first; without `service` those that have no such label. */
  byService: (Responses & { service?: string })[];
}

export interface ReportInput {
  /** Those that opened in the span, or were open in it. */
  incidents: readonly Incident[];
  targets: ResponseTargets;
  /** Planned work. */
  maintenance: readonly Interval[];
  span: Interval;
  /** What is to come is no part of the span. */
  now: number;
}

/**
 * How incidents were answered in a span of time. An incident belongs to the span in which it opened, with all that became of it; its
 * downtime belongs to every span it lasts in. So numbers of incidents, and downtimes, of two spans in a row add up. Pure.
 */
export function reportOf({ incidents, targets, maintenance, span, now }: ReportInput): ResponseReport {
  const frame = { from: span.from, to: Math.max(span.from, Math.min(span.to, now)) };
  const real = incidents.filter(({ test }) => !test);
  const opened = real.filter(({ openedAt }) => openedAt >= frame.from && openedAt < frame.to);
  const answered = (some: readonly Incident[]) => responsesOf(some, targets, now);
  const byService = [...Map.groupBy(opened, ({ labels }) => labels.service)];
  return {
    ...frame,
    ...answered(opened),
    ...failuresOf(real, opened, maintenance, frame, now),
    bySeverity: severities.toReversed().map((severity) => ({
      severity,
      ...(targets[severity] !== undefined && { target: targets[severity] }),
      ...answered(opened.filter((incident) => incident.severity === severity)),
    })),
    byService: byService
      .map(([service, some]) => ({ ...(service !== undefined && { service }), ...answered(some) }))
      .sort((a, b) => b.incidents - a.incidents || (a.service ?? '').localeCompare(b.service ?? '')),
  };
}

function responsesOf(incidents: readonly Incident[], targets: ResponseTargets, now: number): Responses {
  const mtta = mean(incidents.flatMap((incident) => timeToAcknowledge(incident) ?? []));
  const mttr = mean(incidents.flatMap((incident) => timeToResolve(incident) ?? []));
  const answers = incidents.map((incident) => answerOf(incident, targets[incident.severity], now));
  const acknowledged = incidents.filter(({ firstAcknowledgedAt }) => firstAcknowledgedAt !== undefined);
  const count = (answer: Answer) => answers.filter((one) => one === answer).length;
  return {
    incidents: incidents.length,
    open: incidents.filter(({ status }) => status !== 'resolved').length,
    acknowledged: acknowledged.length,
    unacknowledged: incidents.length - acknowledged.length,
    reopened: incidents.filter(({ reopened = 0 }) => reopened > 0).length,
    ...(mtta !== undefined && { mtta }),
    ...(mttr !== undefined && { mttr }),
    inTime: count('in-time'),
    late: count('late'),
    waiting: count('waiting'),
  };
}

/** Milliseconds until somebody acknowledged it first. CloudWatch's clock and ours may differ: never below 0. */
export const timeToAcknowledge = ({ firstAcknowledgedAt, openedAt }: Incident): number | undefined =>
  firstAcknowledgedAt === undefined ? undefined : Math.max(0, firstAcknowledgedAt - openedAt);

/** Milliseconds until it was over, for good so far. */
export const timeToResolve = ({ status, resolvedAt, openedAt }: Incident): number | undefined =>
  status !== 'resolved' || resolvedAt === undefined ? undefined : Math.max(0, resolvedAt - openedAt);

type Answer = 'in-time' | 'late' | 'waiting' | 'no-target';

/** Whether somebody acknowledged it in time, or it was over by then. */
function answerOf(incident: Incident, target: number | undefined, now: number): Answer {
  if (target === undefined) return 'no-target';
  const { openedAt } = incident;
  const took = Math.min(
    timeToAcknowledge(incident) ?? Number.POSITIVE_INFINITY,
    timeToResolve(incident) ?? Number.POSITIVE_INFINITY,
  );
  if (took <= target) return 'in-time';
  return took === Number.POSITIVE_INFINITY && now - openedAt <= target ? 'waiting' : 'late';
}

function failuresOf(
  incidents: readonly Incident[],
  opened: readonly Incident[],
  maintenance: readonly Interval[],
  frame: Interval,
  now: number,
): Failures {
  const down = incidents.filter(isFailure).map(({ openedAt, status, resolvedAt = now }) => ({
    from: openedAt,
    to: status === 'resolved' ? resolvedAt : now,
  }));
  const failures = opened.filter(isFailure).length;
  const up = frame.to - frame.from - coveredMs([...down, ...maintenance], frame);
  return {
    failures,
    downtime: coveredMs(down, frame),
    maintenance: coveredMs(maintenance, frame),
    ...(failures > 0 && { mtbf: up / failures }),
  };
}

const isFailure = ({ subject }: Incident): boolean =>
  subject.type !== 'self' && subject.aspect !== 'degraded';

const mean = (values: readonly number[]): number | undefined =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
