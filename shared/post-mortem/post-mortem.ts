import type { WholeIncident } from '../aws/incident-table.ts';
import { deploymentText } from '../deployments/told.ts';
import { formatDuration } from '../duration.ts';
import { causeText } from '../history/cause.ts';
import type { EvidenceItem } from '../history/history.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Trail } from '../notifications/delivery/trail.ts';
import { timeToAcknowledge, timeToResolve } from '../responses/responses.ts';
import { wallTimeAt } from '../wall-time.ts';
import { codeBlock, escaped, linked, table } from './markdown.ts';

/** What is put together, and for whom. */
export interface PostMortem {
  whole: WholeIncident;
  /** Who was told, and who was not. */
  trail: readonly Trail[];
  /** Where it is, in the console. */
  link?: string;
  /** IANA name of the zone whose times stand beside those of UTC. Default none. */
  zone?: string;
}

/** An incident as a document for the people who learn from it: what is known is filled in, what only they know is left open. Pure. */
export function postMortem({ whole, trail, link, zone }: PostMortem): string {
  const { incident, alerts, timeline } = whole;
  const when = timesIn(zone);
  const sections: [title: string, ...paragraphs: string[]][] = [
    [
      'Summary',
      summaryOf(incident),
      toWrite('What happened, in two sentences for somebody who was not there.'),
    ],
    ['Impact', impactOf(whole, when), toWrite('Who was affected, how many, and what they saw.')],
    ['What changed before', changesOf(incident, when)],
    ['Evidence', ...evidenceOf(incident.evidence, when)],
    [
      'Timeline',
      table(
        [...when.heads, 'What', 'Who'],
        timeline.map(({ at, text, actor }) => [...when.cells(at), escaped(text), escaped(actor)]),
      ),
    ],
    [
      'Alerts',
      table(
        [...when.heads, 'Alarm', 'Lasted', 'Why'],
        alerts.map(({ name, startedAt, endedAt, reason }) => [
          ...when.cells(startedAt),
          escaped(name),
          endedAt === undefined ? 'still firing' : formatDuration(endedAt - startedAt),
          escaped(reason),
        ]),
      ),
    ],
    ['Who was told, and who was not', toldOf(trail, when)],
    ['Cause', toWrite('Why it happened, and why that was possible. Without blame.')],
    ['What went well', toWrite('What helped.')],
    ['What went badly', toWrite('What cost time, and where luck helped.')],
    ['What is done about it', '- [ ] _What, by whom, until when._'],
  ];
  const head = `# Post-mortem: ${escaped(incident.title)}\n\n${factsOf(incident, link)}`;
  const parts = sections.map(([title, ...paragraphs]) => [`## ${title}`, ...paragraphs].join('\n\n'));
  return `${[head, ...parts].join('\n\n')}\n`;
}

const toWrite = (what: string) => `_To write: ${what}_`;

interface Times {
  heads: string[];
  cells(at: number | undefined): string[];
}

const minuteOf = (wall: number) => new Date(wall).toISOString().slice(0, 19).replace('T', ' ');

/** Moments as columns of a table: in UTC, and in another zone where one is given. */
function timesIn(zone: string | undefined): Times {
  if (zone === undefined || zone === 'UTC')
    return { heads: ['UTC'], cells: (at) => [at === undefined ? '—' : minuteOf(at)] };
  return {
    heads: ['UTC', escaped(zone)],
    cells: (at) => (at === undefined ? ['—', '—'] : [minuteOf(at), minuteOf(wallTimeAt(zone, at))]),
  };
}

function factsOf(
  { id, severity, labels, subject, runbook, assignee, test }: Incident,
  link?: string,
): string {
  const facts: [string, string | undefined][] = [
    ['Incident', link ? `${id}, ${linked(link)}` : id],
    ['Severity', severity],
    ['About', `${subject.type} ${escaped(subject.id)}`],
    ['Service', labels.service && escaped(labels.service)],
    ['Assigned to', assignee && escaped(assignee)],
    ['Runbook', runbook && linked(runbook)],
    ['Test', test && 'somebody tested whether alerts arrive: nothing was broken'],
  ];
  return facts.flatMap(([label, value]) => (value ? [`- ${label}: ${value}`] : [])).join('\n');
}

function summaryOf(incident: Incident): string {
  const { title, openedAt, acknowledgedBy, resolvedBy, reopened } = incident;
  const [acknowledged, resolved] = [timeToAcknowledge(incident), timeToResolve(incident)];
  const by = (who: string | undefined) => (who ? ` by ${escaped(who)}` : '');
  const said = [
    `${escaped(title)}. It opened at ${minuteOf(openedAt)} UTC`,
    acknowledged === undefined
      ? 'nobody acknowledged it'
      : `was acknowledged${by(acknowledgedBy)} after ${formatDuration(acknowledged)}`,
    resolved === undefined ? 'is not over yet' : `was over after ${formatDuration(resolved)}`,
  ];
  const end = resolved === undefined || !resolvedBy ? '' : ` (${escaped(resolvedBy)})`;
  const again = reopened
    ? ` It was opened again ${reopened === 1 ? 'once' : `${reopened} times`} meanwhile.`
    : '';
  const and = acknowledged === undefined ? ', and it' : ' and';
  return `${said.slice(0, 2).join(', ')}${and} ${said[2]}${end}.${again}`;
}

function impactOf({ incident, effects }: WholeIncident, when: Times): string {
  const { openedAt, firstAcknowledgedAt, status, resolvedAt } = incident;
  const told = effects.flatMap(({ effect }) =>
    effect.kind === 'publish' && effect.event.type === 'firing' && effect.event.receivers.length > 0
      ? [effect.event.at]
      : [],
  );
  const moments: [string, number | undefined][] = [
    ['Detected', openedAt],
    ['First told', told[0]],
    ['Acknowledged', firstAcknowledgedAt],
    ['Resolved', status === 'resolved' ? resolvedAt : undefined],
  ];
  const after = (at: number | undefined) => (at === undefined ? '—' : formatDuration(at - openedAt));
  return table(
    ['', ...when.heads, 'After'],
    moments.map(([what, at]) => [what, ...when.cells(at), after(at)]),
  );
}

function changesOf({ changes = [], openedAt }: Incident, when: Times): string {
  if (changes.length === 0) return 'Tocsin was told of no deployment in the half hour before.';
  return table(
    [...when.heads, 'Before', 'What', 'Link'],
    changes.map(({ at, title, by, link }) => [
      ...when.cells(at),
      formatDuration(openedAt - at),
      escaped(deploymentText({ title, ...(by !== undefined && { by }) })),
      link ? linked(link) : '',
    ]),
  );
}

function evidenceOf(evidence: EvidenceItem | undefined, when: Times): string[] {
  if (!evidence) return ['No failing check was seen: the incident came from an alarm alone.'];
  const { location, observation } = evidence;
  const { at, message, status, reason, responseTime, address, failures = [], excerpt } = observation;
  const cause = causeText(evidence);
  const facts: [string, string | undefined][] = [
    [
      'Check',
      `${when.heads.map((head, n) => `${when.cells(at)[n]} ${head}`).join(', ')}, from ${escaped(location)}`,
    ],
    ['What was seen', message && escaped(message)],
    ['Cause', cause && escaped(cause)],
    ['Status', status?.toString()],
    ['Reason', reason && escaped(reason)],
    ['Response time', responseTime === undefined ? undefined : formatDuration(responseTime)],
    ['Address', address && escaped(address)],
    ...failures.map(({ line, seen, problem }): [string, string] => [
      'Expected',
      `${escaped(line)}; ${seen === undefined ? escaped(problem ?? 'could not be evaluated') : `saw ${escaped(seen)}`}`,
    ]),
  ];
  return [
    facts.flatMap(([label, value]) => (value ? [`- ${label}: ${value}`] : [])).join('\n'),
    ...(excerpt ? ['The answer began with:', codeBlock(excerpt)] : []),
  ];
}

function toldOf(trail: readonly Trail[], when: Times): string {
  if (trail.length === 0) return 'Nobody: no route of the config names a channel for this incident.';
  return table(
    [...when.heads, 'Channel', 'What', 'Result', 'Why, and what was answered'],
    trail.map(({ at, channel, type, reason, state, status, why, attempts }) => [
      ...when.cells(at),
      escaped(channel),
      [...new Set([type, reason])].filter(Boolean).join(', ') || '—',
      state.replace('-', ' '),
      escaped([status, why, attempts > 1 ? `${attempts} attempts` : undefined].filter(Boolean).join('; ')),
    ]),
  );
}
