import * as z from 'zod/mini';
import { unitMs } from '../duration.ts';
import type { Route } from '../routing/route.ts';
import { readSound, withoutUndefined } from './fields.ts';
import { resolveDaily, resolveHours } from './hours.ts';
import type { Findings } from './issues.ts';
import { type KnownLabels, refuseUnknown, resolveLabels, resolveMatch } from './match.ts';
import { type Path, valueAt, writePath } from './problems.ts';
import { span, spanOrNever } from './schema.ts';
import { fieldsAt } from './shape.ts';

/** Levels of routes inside of routes. */
const deepest = 8;

/** One or more; an empty list is told as what else it may not be. */
const texts = (message: string) =>
  z.union([z.string(), z.array(z.string()).check(z.minLength(1, message))], message);

/** What a `match` may be. */
export const matchSchema = z.record(
  z.string(),
  texts('must be a text or a list of texts: write { team: "web" }'),
);

const notify = z
  .array(z.string(), 'must be a list of channels: write notify: ["ops"]')
  .check(z.minLength(1, 'must name at least one channel: write notify: ["ops"]'));

/** What a route may say; what it does not say it has from the route around it. */
export const routeSchema = z.strictObject(
  {
    /** Labels (also severity, monitor, group, type) and what each must be: a value, a list of which one will do, or with an operator `'!= data'`, `'=~ web-.*'`, `'!~ test-.*'`. A pattern is of the whole value; a label that is missing is `''`. Default: matches everything. */
    match: z.prefault(matchSchema, {}),
    /** Channels that are told. Default: those of the route around it; one at the top must name them. */
    notify: z.optional(notify),
    /** Whether the routes after it are asked as well, to add their channels; the first that matches still owns the incident. Default false. */
    continue: z.prefault(z.boolean(), false),
    /** Labels: alerts that are alike in all of them are one incident. Default `['...']`: each monitor, and each rule, has its own. */
    groupBy: z.optional(
      z
        .array(z.string(), "must be a list of labels: write groupBy: ['team']")
        .check(z.minLength(1, "must name at least one label: write groupBy: ['team']")),
    ),
    /** Time from the first alert to the first notification, in which others join it and one that recovers is told to nobody; up to 1h. Default 0s for critical, else 30s. */
    groupWait: z.optional(span('groupWait', 0, unitMs.h, '30s')),
    /** Time between two notifications of a group that changed, 10s to 1d. Default 5m. */
    groupInterval: z.optional(span('groupInterval', 10 * unitMs.s, unitMs.d, '5m')),
    /** Time until an incident that nobody acknowledged is told again, 1m to 30d, or `'never'`. Default 4h. */
    repeatEvery: z.optional(spanOrNever('repeatEvery', unitMs.m, 30 * unitMs.d, '4h')),
    /** Whether its channels are told the end. Default true. */
    sendResolved: z.optional(z.boolean()),
    /** When its channels may be told, `'Mon-Fri 09:00-18:00 Europe/Madrid'` or a list of such; what still fires then is told when the time begins. Default `'always'`. */
    hours: z.optional(
      texts("must be times or a list of them: write hours: 'Mon-Fri 09:00-18:00 Europe/Madrid'"),
    ),
    /** Tells its channels once a day, all incidents in one message: `'08:00 Europe/Madrid'`. Default `'never'`: each by itself. */
    digest: z.optional(z.string("must be a time and its zone: write digest: '08:00 Europe/Madrid'")),
    /** Escalation policy that begins when an incident is announced. Default `'never'`. */
    escalate: z.optional(z.string("must be the name of an escalation policy: write escalate: 'platform'")),
    /** Routes inside of this one: the first that matches counts instead of it. Default none. */
    routes: z.optional(z.array(z.unknown(), 'must be a list of routes: write routes: [{ notify: ["ops"] }]')),
  },
  'must be a route: write { notify: ["ops"] }',
);

/** What routes may refer to. */
interface Known {
  /** Undefined while some monitors are at fault. */
  labels: KnownLabels | undefined;
  channels: string[];
  /** Those of the channels that SNS itself tells. */
  toldBySns: string[];
  /** Channels that are told nothing unless a route says so. */
  onlyByName: string[];
  policies: string[];
}

/** What a route has from those around it. */
type Terms = Omit<Route, 'path' | 'match' | 'continue' | 'routes'>;

const topmost: Terms = {
  notify: [],
  groupInterval: 5 * unitMs.m,
  repeatEvery: 4 * unitMs.h,
  sendResolved: true,
};

/** Routes of a file, those that have the right form. A reference that matches nothing is refused: it is misspelt, or left over. */
export function resolveRoutes(written: unknown, known: Known, findings: Findings): Route[] {
  if (Array.isArray(written)) return branch(written, ['routes'], topmost, known, findings);
  const notify = known.channels.filter((id) => !known.onlyByName.includes(id));
  return [{ path: 'routes', match: [], continue: false, ...topmost, notify, routes: [] }];
}

function branch(items: unknown[], at: Path, around: Terms, known: Known, findings: Findings): Route[] {
  return items.flatMap((item, i) => {
    const path = [...at, i];
    const parsed = routeSchema.safeParse(item);
    findings.reportIssues(parsed.error, path, (inner) => fieldsAt(routeSchema, inner));
    const own = parsed.data ?? readSound(routeSchema, item, parsed.error);
    if (!own) return [];
    const { match, continue: goesOn, routes = [] } = own;
    if (around === topmost && valueAt(['notify'], item) === undefined)
      findings.report([...path, 'notify'], {
        allowed: 'at least one channel: the routes inside of it tell the same, unless they say otherwise',
        fix: `write notify: ["${known.channels[0] ?? 'ops'}"]`,
      });
    const terms = termsOf(own, path, around, known, findings);
    refuseDigestsBySns(own, terms, path, known, findings);
    const wanted = resolveMatch(match, [...path, 'match'], known.labels, findings);
    const isTooDeep = routes.length > 0 && path.length >= 2 * deepest;
    if (isTooDeep)
      findings.report([...path, 'routes'], {
        allowed: `at most ${deepest} levels of routes`,
        fix: 'match more labels at once in a route further up',
      });
    const inner = isTooDeep ? [] : branch(routes, [...path, 'routes'], terms, known, findings);
    return [{ path: writePath(path, undefined), match: wanted, continue: goesOn, ...terms, routes: inner }];
  });
}

/** What a route says, and for the rest what is said around it. */
function termsOf(
  own: z.infer<typeof routeSchema>,
  at: Path,
  around: Terms,
  known: Known,
  findings: Findings,
): Terms {
  const { groupBy, hours, digest, escalate } = own;
  refuseUnknown('channel', own.notify ?? [], known.channels, (i) => [...at, 'notify', i], findings);
  if (groupBy) resolveLabels(groupBy, [...at, 'groupBy'], known.labels, findings);
  if (escalate !== undefined && escalate !== 'never')
    refuseUnknown('policy', [escalate], known.policies, () => [...at, 'escalate'], findings);
  return withoutUndefined({
    ...around,
    ...withoutUndefined({
      notify: own.notify,
      groupWait: own.groupWait,
      groupInterval: own.groupInterval,
      repeatEvery: own.repeatEvery,
      sendResolved: own.sendResolved,
    }),
    groupBy: said(
      groupBy,
      around.groupBy,
      (labels) => labels[0] === '...',
      (labels) => labels,
    ),
    hours: said(hours, around.hours, isAlways, (text) => resolveHours(text, [...at, 'hours'], findings)),
    digest: said(digest, around.digest, isNever, (text) => resolveDaily(text, [...at, 'digest'], findings)),
    escalate: said(escalate, around.escalate, isNever, (policy) => policy),
  }) as Terms;
}

/** SNS sends what it is given when it is given it. */
function refuseDigestsBySns(
  own: z.infer<typeof routeSchema>,
  { digest, notify }: Terms,
  at: Path,
  { toldBySns }: Known,
  findings: Findings,
): void {
  const channel = notify.find((id) => toldBySns.includes(id));
  if (!digest || channel === undefined || !(own.digest ?? own.notify)) return;
  findings.report([...at, own.digest === undefined ? 'notify' : 'digest'], {
    allowed: `a digest for channels that we tell: SNS itself mails ${channel}, each incident at once`,
    fix: `give ${channel} a sender: email({ from: 'tocsin@example.com', to: […] })`,
  });
}

const isAlways = (text: string | string[]) => text === 'always';
const isNever = (text: string) => text === 'never';

/** What a route says of something that may be none: the word for none takes away what is said around it. */
function said<Written, Value>(
  own: Written | undefined,
  around: Value | undefined,
  isNone: (own: Written) => boolean,
  read: (own: Written) => Value | undefined,
): Value | undefined {
  if (own === undefined) return around;
  return isNone(own) ? undefined : read(own);
}
