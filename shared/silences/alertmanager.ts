import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Incident } from '../incidents/incident.ts';
import type { Matcher } from '../routing/route.ts';
import { alertLabels } from '../suppression/surroundings.ts';
import { fitWithin } from './matchers.ts';
import { type Silence, silenceState, type Wanted } from './silence.ts';

/*
 * Shapes of Alertmanager's API, as `amtool` and others speak it: version 2 as its OpenAPI file has it, and what version 1 had.
 */

const time = z.pipe(
  z.iso.datetime({ offset: true, error: 'startsAt and endsAt are times in RFC 3339' }),
  z.transform((text) => Date.parse(text)),
);

const matcher = z.object({
  name: z.string('a matcher has a name'),
  value: z.string('a matcher has a value'),
  isRegex: z.optional(z.boolean()),
  /** Absent from tools that are older than negative matchers. */
  isEqual: z.optional(z.boolean()),
});

/** What is posted; unknown fields such as `status` come from tools that send back what they got. */
export const postedSilence = z.object({
  id: z.optional(z.string()),
  matchers: z.array(matcher, 'matchers is a list'),
  startsAt: time,
  endsAt: time,
  createdBy: z.optional(z.string()),
  comment: z.optional(z.string()),
});

export function wantedOf(posted: z.infer<typeof postedSilence>, caller: string): Wanted {
  const { matchers, startsAt, endsAt, createdBy, comment = '' } = posted;
  return { matchers: matchers.map(matcherOf), startsAt, endsAt, by: createdBy || caller, comment };
}

function matcherOf({ name, value, isRegex = false, isEqual = true }: z.infer<typeof matcher>): Matcher {
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  return { label: name, operator, values: [value] };
}

const matcherShape = ({ label, operator, values }: Matcher) => ({
  name: label,
  value: values[0] ?? '',
  isRegex: operator.endsWith('~'),
  isEqual: operator.startsWith('='),
});

const iso = (at: number) => new Date(at).toISOString();

/** A silence in both versions. */
export const silenceShape = (silence: Silence, now: number) => ({
  id: silence.id,
  status: { state: silenceState(silence, now) },
  updatedAt: iso(silence.updatedAt),
  comment: silence.comment,
  createdBy: silence.by,
  startsAt: iso(silence.startsAt),
  endsAt: iso(silence.endsAt),
  matchers: silence.matchers.map(matcherShape),
});

/** Whether a silence has, for every matcher, one of the label that is named so: what `filter` asks of silences. */
export const isAbout = ({ matchers }: Silence, filter: readonly Matcher[]): boolean =>
  fitWithin(filter, Object.fromEntries(matchers.map(({ label, values }) => [label, values[0] ?? ''])));

/** Milliseconds for which an alert is said to fire: it is told anew whenever somebody asks. */
const firesFor = 5 * 60_000;

/**
 * An open incident as an alert of version 2.
 * @param url of its page
 */
export function alertShape(incident: Incident, silences: readonly Silence[], url: string, now: number) {
  const labels = alertLabels({ ...incident, labels: { ...incident.labels, severity: incident.severity } });
  const silencedBy = silences
    .filter((silence) => silenceState(silence, now) === 'active' && fitWithin(silence.matchers, labels))
    .map(({ id }) => id);
  const { suppressed } = incident;
  const inhibitedBy = suppressed && suppressed.by !== 'silence' ? [suppressed.id] : [];
  const state = silencedBy.length > 0 || inhibitedBy.length > 0 ? 'suppressed' : 'active';
  return {
    labels,
    annotations: {
      summary: incident.title,
      ...(incident.description && { description: incident.description }),
      ...(incident.runbook && { runbook: incident.runbook }),
    },
    startsAt: iso(incident.openedAt),
    endsAt: iso(now + firesFor),
    updatedAt: iso(now),
    generatorURL: url,
    fingerprint: createHash('sha256').update(incident.id).digest('hex').slice(0, 16),
    receivers: incident.plan.receivers.map(({ channel }) => ({ name: channel })),
    status: { state, silencedBy, inhibitedBy, mutedBy: [] as string[] },
  };
}

export type AlertShape = ReturnType<typeof alertShape>;

/** The answer to `GET /api/v2/status`: amtool wants every field. */
export const statusShape = (startedAt: number) => ({
  cluster: { status: 'disabled', peers: [] },
  config: { original: '# routes and channels are in tocsin.config.ts\n' },
  uptime: iso(startedAt),
  versionInfo: { version: 'tocsin', revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
});
