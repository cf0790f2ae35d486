import { beforeText } from '../../deployments/told.ts';
import { formatDuration } from '../../duration.ts';
import { causeText } from '../../history/cause.ts';
import type { EvidenceItem } from '../../history/history.ts';
import type { Digest, IncidentEvent } from '../../incidents/incident.ts';
import type { Observation, Timings } from '../../monitors/observation.ts';
import type { Fact, Link } from '../notice.ts';
import { cut, oneLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { kept } from './limits.ts';

/** Conditions and components shown; the incident's page has the others. */
const maxConditions = 5;
const maxComponents = 5;

/** What failed, or the worst of a digest; a line each. */
export function whyOf({ incident, digest }: IncidentEvent): string[] {
  if (digest) return digest.worst.slice(0, maxWorst).map(worstLine);
  const observation = incident.evidence?.observation;
  return observation ? failuresOf(observation) : alarmTexts(incident);
}

/** Incidents of a digest shown, and characters of their titles. */
const maxWorst = 20;
const worstTitle = 80;

/** `CRITICAL website is down, since 2026-11-20 03:12:05 UTC` */
function worstLine({ title, severity, openedAt, resolvedAt }: Digest['worst'][number]): string {
  const when =
    resolvedAt === undefined
      ? `since ${formatTime(openedAt)}`
      : `over after ${formatDuration(resolvedAt - openedAt)}`;
  return `${severity.toUpperCase()} ${cut(oneLine(title), worstTitle)}, ${when}`;
}

/** Without evidence: what the alarm says of itself, and its title does not; of a test, only who tests. */
function alarmTexts({ title, cause, description, test }: IncidentEvent['incident']): string[] {
  return [cause, test || description === title ? undefined : description]
    .map((text) => cut(oneLine(text ?? ''), kept.message))
    .filter(Boolean);
}

function failuresOf(observation: Observation): string[] {
  const failures = observation.failures ?? [];
  const message = cut(oneLine(observation.message ?? ''), kept.message);
  const conditions = failures.slice(0, maxConditions).map(({ line, seen, problem }) => {
    const found = seen === undefined ? (problem ?? 'could not be evaluated') : `saw ${seen}`;
    return `expected ${cut(oneLine(line), kept.condition)}, ${cut(oneLine(found), kept.condition)}`;
  });
  const more = failures.length - conditions.length;
  return [
    ...(message && failures.length === 0 ? [message] : []),
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

export function factsOf(event: IncidentEvent): Fact[] {
  const facts = event.digest ? digestFacts(event.digest) : incidentFacts(event);
  return facts.flatMap(([label, value]) => {
    const shown = cut(oneLine(value ?? ''), kept.value);
    return shown ? [{ label, value: shown }] : [];
  });
}

type Facts = [label: string, value: string | undefined][];

const digestFacts = ({ opened, resolved, open }: Digest): Facts => [
  ['Open', open.toString()],
  ['Began', opened.toString()],
  ['Ended', resolved.toString()],
];

function incidentFacts({ type, incident }: IncidentEvent): Facts {
  const { severity, labels, subject, firing, runbook, evidence, status, acknowledgedBy, assignee } = incident;
  const isOfSeveral = incident.alerts > 1 && labels.monitor === undefined;
  return [
    ['Severity', severity],
    ['Acknowledged by', type === 'firing' && status === 'acknowledged' ? acknowledgedBy : undefined],
    ['Assigned to', assignee],
    ['Service', labels.service],
    ['Firing', type === 'firing' && firing > 1 ? membersText(incident) : undefined],
    [subjectLabel[subject.type], isOfSeveral ? undefined : subject.id],
    ['Deployed', type === 'firing' ? deployedText(incident) : undefined],
    ['Runbook', runbook && !isWebLink(runbook) ? runbook : undefined],
    ['Alarms firing', type === 'resolved' && firing > 0 ? firing.toString() : undefined],
    ...(type === 'firing' ? evidenceFacts(evidence, isOfSeveral) : []),
  ];
}

/** The latest before it opened: `12 min before: web 1.2.3 by ana, and 2 more`. */
function deployedText({ changes = [], openedAt }: IncidentEvent['incident']): string | undefined {
  const [latest, ...others] = changes;
  if (!latest) return undefined;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return cut(oneLine(beforeText(latest, openedAt)), kept.value - more.length) + more;
}

/** `search is down, checkout is down and 3 more`: as many as there is room for. */
function membersText({ members = [], firing }: IncidentEvent['incident']): string {
  const room = kept.value - ' and 99999 more'.length;
  const titles = members.map((title) => cut(oneLine(title), room));
  while (titles.length > 1 && titles.join(', ').length > room) titles.pop();
  const others = firing - titles.length;
  if (titles.length === 0) return firing.toString();
  return `${titles.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

const subjectLabel = {
  monitor: 'Monitor',
  rule: 'Rule',
  slo: 'Objective',
  self: 'Part of Tocsin',
  alarm: 'Alarm',
} as const;

/** @param isOfSeveral whether it must be said which monitor they are about */
function evidenceFacts(evidence: EvidenceItem | undefined, isOfSeveral: boolean): Facts {
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
      [formatTime(observation.at), ...(isOfSeveral ? [observation.monitor] : [])].join(' of '),
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

/** The beginning of what the target answered, while it fires. */
export function excerptOf({ incident, type }: IncidentEvent): { excerpt?: string } {
  const excerpt = oneLine(incident.evidence?.observation.excerpt ?? '');
  return excerpt && type === 'firing' ? { excerpt: cut(excerpt, kept.excerpt) } : {};
}

/** Where people look further. */
export function linksOf({ type, incident, links }: IncidentEvent): Link[] {
  const all: [Link['label'], string | undefined][] = [
    ['Runbook', incident.runbook],
    [type === 'digest' ? 'Incidents' : 'Incident', links.incident],
    ['Dashboard', links.dashboard],
  ];
  return all.flatMap(([label, url]) => (url && isWebLink(url) ? [{ label, url: new URL(url).href }] : []));
}

/** Longer links are cut somewhere on their way; then they are better left out. */
const maxLink = 2_000;

const isWebLink = (url: string): boolean =>
  /^https?:\/\//i.test(url) && URL.canParse(url) && new URL(url).href.length <= maxLink;
