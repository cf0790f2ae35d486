import { formatDuration } from '../duration.ts';
import { causeText } from '../history/cause.ts';
import type { EvidenceItem } from '../history/history.ts';
import type { IncidentEvent, NotificationReason } from '../incidents/incident.ts';
import type { Observation, Timings } from '../monitors/observation.ts';
import { cut, oneLine } from './text.ts';

/**
 * What a notification says, before any provider's markup: one line each, cut to length, not yet escaped.
 * The most important words come first; it is read on a phone, at night.
 */
export interface Notice {
  state: IncidentEvent['type'] | 'test';
  /** `CRITICAL`, `RESOLVED`, `ACKNOWLEDGED`, `COMMENT`, `TEST` */
  badge: string;
  /** What broke. */
  title: string;
  /** What happened, in a sentence: how long it has been down, or who resolved it after how long. */
  lead: string;
  /** The failure, or every condition that did not hold with the value seen. */
  why: string[];
  whyLabel: 'Why' | 'What was wrong';
  facts: Fact[];
  /** The beginning of what the target answered. */
  excerpt?: string;
  links: Link[];
  /** Where this comes from, and why it was sent. */
  footer: string;
}

export interface Fact {
  label: string;
  value: string;
}

export interface Link {
  label: string;
  url: string;
}

/** Characters kept of what people or targets wrote; together they stay far below what any provider takes. */
const kept = {
  title: 120,
  message: 300,
  condition: 200,
  value: 100,
  excerpt: 300,
  comment: 1_000,
  footer: 200,
};

/** Conditions and components shown; the incident's page has the others. */
const maxConditions = 5;
const maxComponents = 5;

export function noticeOf(event: IncidentEvent): Notice {
  const { incident } = event;
  const state = event.reason === 'test' && event.type === 'firing' ? 'test' : event.type;
  return {
    state,
    badge: badgeOf(state, event),
    title: cut(oneLine(incident.title) || incident.subject.id, kept.title),
    lead: leadOf(state, event),
    why: whyOf(event.incident),
    whyLabel: state === 'resolved' ? 'What was wrong' : 'Why',
    facts: factsOf(event),
    ...excerptOf(event),
    links: linksOf(event),
    footer: footerOf(event),
  };
}

function badgeOf(state: Notice['state'], event: IncidentEvent): string {
  switch (state) {
    case 'firing':
      return event.incident.severity.toUpperCase();
    case 'commented':
      return 'COMMENT';
    case 'severity-changed':
      return `NOW ${event.incident.severity.toUpperCase()}`;
    default:
      return state.toUpperCase();
  }
}

function leadOf(state: Notice['state'], event: IncidentEvent): string {
  const { incident } = event;
  const since = formatTime(incident.openedAt);
  const lasted = formatDuration((incident.resolvedAt ?? event.at) - incident.openedAt);
  const actor = personOf(event.actor);
  switch (state) {
    case 'test':
      return 'This is a test of this channel. Nothing is broken.';
    case 'firing':
      return `Since ${since}.`;
    case 'acknowledged':
      return `${actor} is on it, ${lasted} after it began at ${since}.`;
    case 'assigned':
    case 'severity-changed':
    case 'digest':
      return cut(oneLine(event.text ?? ''), kept.comment);
    case 'commented':
      return `${actor}: ${cut(oneLine(event.text ?? ''), kept.comment)}`;
    case 'resolved': {
      const until = formatTime(incident.resolvedAt ?? event.at);
      const note = event.text ? ` ${cut(oneLine(event.text), kept.comment)}` : '';
      return `${resolutionOf(incident.resolvedBy)} after ${lasted}, from ${since} to ${until}.${note}`;
    }
  }
}

const personOf = (name: string | undefined): string => cut(oneLine(name ?? ''), kept.value) || 'Somebody';

function resolutionOf(resolvedBy: string | undefined): string {
  if (!resolvedBy || resolvedBy === 'recovered') return 'Recovered';
  if (resolvedBy === 'alarm-deleted') return 'Closed because its alarm was deleted';
  return `Resolved by ${personOf(resolvedBy)}`;
}

function whyOf(incident: IncidentEvent['incident']): string[] {
  const observation = incident.evidence?.observation;
  return observation ? failuresOf(observation) : alarmTexts(incident);
}

/** Without evidence: what the alarm says of itself; of a test, only who tests. */
function alarmTexts({ cause, description, test }: IncidentEvent['incident']): string[] {
  return [cause, test ? undefined : description].flatMap((text) =>
    text ? [cut(oneLine(text), kept.message)] : [],
  );
}

function failuresOf(observation: Observation): string[] {
  const failures = observation.failures ?? [];
  const conditions = failures.slice(0, maxConditions).map(({ line, seen, problem }) => {
    const found = seen === undefined ? (problem ?? 'could not be evaluated') : `saw ${seen}`;
    return `expected ${cut(oneLine(line), kept.condition)}, ${cut(oneLine(found), kept.condition)}`;
  });
  const more = failures.length - conditions.length;
  return [
    ...(observation.message && failures.length === 0
      ? [cut(oneLine(observation.message), kept.message)]
      : []),
    ...conditions,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...componentsOf(observation),
  ];
}

/** Components that are not well, each with what the target says of it. */
function componentsOf({ components = [] }: Observation): string[] {
  const unwell = components.filter(({ outcome }) => outcome === 'down' || outcome === 'degraded');
  const shown = unwell.slice(0, maxComponents).map(({ name, outcome, latency, message }) => {
    const took = latency === undefined ? '' : ` (${formatDuration(latency)})`;
    return cut(oneLine(`${name} is ${outcome}${took}${message ? `: ${message}` : ''}`), kept.condition);
  });
  const more = unwell.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more components`] : [])];
}

function factsOf({ type, incident }: IncidentEvent): Fact[] {
  const { severity, labels, subject, firing, runbook, evidence } = incident;
  const facts: [string, string | undefined][] = [
    ['Severity', severity],
    ['Service', labels.service],
    [subjectLabel[subject.type], subject.id],
    ['Runbook', runbook && !isWebLink(runbook) ? runbook : undefined],
    ['Alarms firing', type === 'firing' ? atLeast(2, firing) : atLeast(1, type === 'resolved' ? firing : 0)],
    ...(type === 'firing' ? evidenceFacts(evidence) : []),
  ];
  return facts.flatMap(([label, value]) => {
    const shown = cut(oneLine(value ?? ''), kept.value);
    return shown ? [{ label, value: shown }] : [];
  });
}

const atLeast = (least: number, count: number) => (count >= least ? count.toString() : undefined);

const subjectLabel = {
  monitor: 'Monitor',
  rule: 'Rule',
  slo: 'Objective',
  self: 'Part of Tocsin',
  alarm: 'Alarm',
} as const;

function evidenceFacts(evidence: EvidenceItem | undefined): [string, string | undefined][] {
  if (!evidence) return [];
  const { location, observation } = evidence;
  const { status, reason, responseTime, address, timings } = observation;
  return [
    ['Cause', causeText(evidence)],
    ['Step', stepOf(observation)],
    ['Status', status?.toString()],
    ['Reason', reason === 'condition-failed' ? undefined : reason],
    ['Response time', responseTime === undefined ? undefined : formatDuration(responseTime)],
    ['Phases', timings && formatTimings(timings)],
    ['Seen from', address ? `${location}, at ${address}` : location],
    [
      observation.outcome === 'degraded' ? 'Last degraded check' : 'Last failed check',
      formatTime(observation.at),
    ],
  ];
}

/** The step that failed: `cart (2 of 3)`. */
function stepOf({ steps = [] }: Observation): string | undefined {
  const failing = steps.find(({ outcome }) => outcome === 'down');
  if (!failing) return undefined;
  const alike = steps.filter(({ cleanup }) => cleanup === failing.cleanup);
  const place = `${alike.indexOf(failing) + 1} of ${alike.length}`;
  return `${cut(failing.name, kept.value - 25)} (${failing.cleanup ? `cleanup ${place}` : place})`;
}

const phases = [
  ['dns', 'DNS'],
  ['connect', 'connect'],
  ['tls', 'TLS'],
  ['firstByte', 'first byte'],
  ['transfer', 'transfer'],
] as const;

/** `DNS 4 ms · connect 12 ms · TLS 30 ms · first byte 210 ms · transfer 1 ms` */
export function formatTimings(timings: Timings): string {
  return phases
    .flatMap(([phase, label]) => {
      const ms = timings[phase];
      return ms === undefined ? [] : [`${label} ${ms < 10 ? ms : Math.round(ms)} ms`];
    })
    .join(' · ');
}

function excerptOf({ incident, type }: IncidentEvent): { excerpt?: string } {
  const excerpt = oneLine(incident.evidence?.observation.excerpt ?? '');
  return excerpt && type === 'firing' ? { excerpt: cut(excerpt, kept.excerpt) } : {};
}

function linksOf({ incident, links }: IncidentEvent): Link[] {
  const all: [string, string | undefined][] = [
    ['Runbook', incident.runbook],
    ['Incident', links.incident],
    ['Dashboard', links.dashboard],
  ];
  return all.flatMap(([label, url]) => (url && isWebLink(url) ? [{ label, url: new URL(url).href }] : []));
}

/** Longer links are cut somewhere on their way; then they are better left out. */
const maxLink = 2_000;

const isWebLink = (url: string): boolean =>
  /^https?:\/\//i.test(url) && URL.canParse(url) && new URL(url).href.length <= maxLink;

const sentBecause: Record<NotificationReason, string> = {
  first: 'first notice',
  'new-alerts': 'more alerts fire',
  'alerts-resolved': 'some alerts are over',
  repeat: 'reminder: nobody acknowledged it',
  escalated: 'escalated: nobody acknowledged it',
  unacknowledged: 'its acknowledgement ran out',
  'severity-raised': 'severity raised',
  reopened: 'it fires again',
  'mute-ended': 'no longer held back, and still firing',
  flapping: 'it comes and goes',
  fallback: 'another channel could not be told',
  storm: 'many at once',
  daily: 'daily digest',
  resolved: 'end of the incident',
  test: 'test asked for by hand',
};

function footerOf({ system, incident, reason }: IncidentEvent): string {
  const parts = [system, `incident ${incident.id}`, ...(reason ? [sentBecause[reason]] : [])];
  return cut(oneLine(parts.join(' · ')), kept.footer);
}

/** `2026-11-20 03:12:05 UTC` */
export function formatTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
