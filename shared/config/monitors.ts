import type * as z from 'zod/mini';
import { parse } from '../conditions/parse.ts';
import { parseDuration } from '../duration.ts';
import { pingLocation } from '../heartbeats/shards.ts';
import { configuredKinds } from '../monitors/index.ts';
import type { ConfiguredKind } from '../monitors/kind.ts';
import { mayBeWithinReach } from '../monitors/network/network.ts';
import { nearest } from '../nearest.ts';
import type { Condition, Location, Monitor } from './config.ts';
import { resolveDependencies } from './dependencies.ts';
import { type Entry, entriesOf, inheritedFields, sourceOf } from './entries.ts';
import { type Fields, isFields, merge, sound, withoutUndefined } from './fields.ts';
import type { Findings, Known } from './issues.ts';
import { refuseMissingSchema, refuseUnsoundSchemas } from './json-schemas.ts';
import { majority, reachOf } from './locations.ts';
import { type Path, valueAt } from './problems.ts';
import {
  attemptsPerCheck,
  monitorFields,
  monitorSchema,
  ownMonitorSchema,
  type sharedFields,
} from './schema.ts';
import { fieldsAt } from './shape.ts';
import { refuseHaste, refuseTimeout, refuseWindow } from './timing.ts';

/** Milliseconds for one attempt where nobody says how many, at most. */
const defaultTimeout = (kind: ConfiguredKind) => parseDuration(kind.timeout ?? '10s')!;

/** Monitors of a file with every inherited and default value filled in; `complete` unless some are at fault and missing. */
export function resolveMonitors(
  file: Fields,
  locations: Location[],
  findings: Findings,
): { monitors: Monitor[]; dependencies: Map<string, string[]>; complete: boolean } {
  const entries = entriesOf(file, findings);
  const monitors = entries.flatMap((entry) => resolveMonitor(entry, file, locations, findings) ?? []);
  refuseDuplicates(entries, findings);
  const dependencies = resolveDependencies(entries, findings);
  const complete = Array.isArray(file.monitors) && monitors.length === entries.length;
  return { monitors, dependencies, complete };
}

function resolveMonitor(
  entry: Entry,
  file: Fields,
  locations: Location[],
  findings: Findings,
): Monitor | undefined {
  const { kind: name } = entry.fields;
  const kind =
    typeof name === 'string' && Object.hasOwn(configuredKinds, name) ? configuredKinds[name] : undefined;
  if (!kind) {
    refuseKind(entry, findings);
    return undefined;
  }
  const faultsBefore = findings.count();
  const shared = readShared(entry, kind, findings);
  const settings = readSettings(entry, kind, findings);
  if (settings) refuseUnsoundSchemas(entry, kind, settings.value, findings);
  const isSound = findings.count() === faultsBefore;
  const lines = settings ? kind.defaultExpect(settings.value) : [];
  const always = settings ? (kind.alwaysExpect?.(settings.value) ?? []) : [];
  const expectPath = sourceOf(entry, ['expect']);
  const expect = [
    ...conditionsIn(always, expectPath, kind, findings),
    ...(conditionsAt(expectPath, lines, file, kind, findings) ?? []),
  ];
  const ownWord = kind.reportsDegraded ? [] : undefined;
  const degraded = conditionsAt(sourceOf(entry, ['degraded']), ownWord, file, kind, findings);
  if (settings) refuseMissingSchema(entry, kind, settings.value, [...expect, ...(degraded ?? [])], findings);
  const confirmFrom =
    shared?.confirmFrom &&
    namedLocations(entry, 'confirmFrom', shared.confirmFrom, file, locations, findings);
  const voters =
    shared &&
    (has(kind, 'locations')
      ? votersOf(entry, shared.locations, confirmFrom, file, locations, findings)
      : [pingLocation]);
  if (voters && confirmFrom) refuseNeedlessConfirmation(entry, voters, confirmFrom, findings);
  const everywhere = voters && [...voters, ...(confirmFrom ?? [])];
  if (settings && everywhere && shared?.localOnly === false)
    refusePrivateTargets(entry, kind, settings.value, locations, everywhere, findings);
  if (!everywhere || !shared || !voters || !settings || !isSound) return undefined;
  const { alert, ...fields } = shared;
  const { every, timeout = Math.min(defaultTimeout(kind), every / attemptsPerCheck) } = fields;
  refuseHaste(entry, every, kind, findings);
  refuseTimeout(entry, every, timeout, findings);
  refuseWindow(entry, ['alert', 'after'], every, alert, findings);
  if (alert.degraded) refuseWindow(entry, ['alert', 'degraded', 'after'], every, alert.degraded, findings);
  if (!degraded) refuseDegradedAlert(entry, findings);
  return withoutUndefined({
    ...fields,
    name: fields.name ?? fields.id,
    group: entry.group,
    timeout,
    alert: { ...alertOf(alert), ...(degraded && alert.degraded && { degraded: alertOf(alert.degraded) }) },
    quorum: quorumOf(entry, shared.quorum, everywhere, findings),
    locations: voters,
    confirmFrom,
    expect,
    degraded,
    settings: settings.value,
  }) as Monitor;
}

function refuseKind({ path, fields }: Entry, findings: Findings): void {
  const word = typeof fields.kind === 'string' ? fields.kind : '';
  const kinds = Object.keys(configuredKinds);
  const allowed = `a monitor made by ${kinds.join(', ')}`;
  const like = nearest(word, kinds);
  findings.report(
    [...path, 'kind'],
    /^(icmp|ping)$/i.test(word)
      ? {
          allowed: `${allowed}: ICMP needs raw sockets, which Lambda does not have`,
          fix: "watch a port instead: tcp('host', 'example.com:443')",
        }
      : { allowed, fix: like ? `did you mean ${like}` : `write ${kinds[0]}('api', 'https://…')` },
  );
}

/** What all monitors share, from the monitor itself and what it inherits. */
function readShared(entry: Entry, kind: ConfiguredKind, findings: Findings) {
  const written = pick(entry.fields, (field) => isSharedBy(kind, field));
  const inherited = pick(inheritedFields(entry), (field) => isSharedBy(kind, field));
  const own = ownMonitorSchema.safeParse(written);
  findings.reportIssues(own.error, entry.path, knownTo(kind));
  const ofKind = {
    ...(kind.every && { every: kind.every.default }),
    ...(kind.alertAfter && { alert: { after: kind.alertAfter } }),
  };
  const complete = monitorSchema.safeParse(merge(ofKind, merge(inherited, sound(written, own.error))));
  if (own.success) findings.reportIssues(complete.error, entry.path, knownTo(kind));
  return complete.data;
}

function readSettings({ fields, path }: Entry, kind: ConfiguredKind, findings: Findings) {
  const settings = kind.settings.safeParse(pick(fields, (field) => !isSharedBy(kind, field)));
  findings.reportIssues(settings.error, path, knownTo(kind));
  return settings.success ? { value: settings.data } : undefined;
}

const isSharedBy = (kind: ConfiguredKind, field: string) =>
  Object.hasOwn(monitorFields, field) && has(kind, field);

/** Whether a kind has a use for a field of all monitors. */
const has = ({ without = [] }: ConfiguredKind, field: string) => !without.includes(field);

const pick = (fields: Fields, wanted: (field: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => wanted(field)));

/** Fields of the kind, then those of all monitors; `kind` is written by the kind's function. */
const knownTo =
  (kind: ConfiguredKind): Known =>
  (path) => {
    const ofAll = fieldsAt(monitorSchema, path).filter((field) => path.length > 0 || has(kind, field));
    return [...fieldsAt(kind.settings, path), ...ofAll].filter((field) => field !== 'kind');
  };

type Written = z.infer<typeof sharedFields.alert>;

const alertOf = ({ after: [failing, of], severity }: Pick<Written, 'after' | 'severity'>) => ({
  failing,
  of,
  severity,
});

/** The conditions written at a path, or those of the default lines; undefined where there is neither. */
function conditionsAt(
  path: Path,
  defaultLines: string[] | undefined,
  file: Fields,
  kind: ConfiguredKind,
  findings: Findings,
): Condition[] | undefined {
  // What has no properties has nothing to expect, whatever it inherits.
  if (Object.keys(kind.properties).length === 0) return undefined;
  const lines = valueAt(path, file) ?? defaultLines;
  return Array.isArray(lines) ? conditionsIn(lines, path, kind, findings) : undefined;
}

function conditionsIn(lines: unknown[], path: Path, kind: ConfiguredKind, findings: Findings): Condition[] {
  return lines.flatMap((line, i) => {
    const parsed = typeof line === 'string' && parse(line, kind.properties);
    if (!parsed) return [];
    if ('condition' in parsed) return [parsed.condition];
    findings.report([...path, i], parsed.problem);
    return [];
  });
}

/** Inherited it is no mistake: the defaults are for those that can be degraded. */
function refuseDegradedAlert({ path, fields }: Entry, findings: Findings): void {
  if (valueAt(['alert', 'degraded'], fields) === undefined) return;
  findings.report([...path, 'alert', 'degraded'], {
    allowed: 'an alarm of a monitor that says what degrades it',
    fix: "write degraded: ['responseTime < 1s']",
  });
}

function refusePrivateTargets(
  { path }: Entry,
  kind: ConfiguredKind,
  settings: unknown,
  locations: Location[],
  voters: string[],
  findings: Findings,
): void {
  const hosts = kind.hosts(settings);
  const reach = reachOf(locations, { locations: voters });
  if (hosts.every((host) => mayBeWithinReach(host, reach))) return;
  const at: Path = [...path, kind.hostField ?? kind.shorthand];
  const networks = locations.filter(({ network }) => network).map(({ id }) => `'${id}'`);
  const elsewhere =
    networks.length > 0 ? `write locations: [${networks}]` : 'check it from a location.vpc(…) alone';
  const isPrivate = hosts.every((host) => mayBeWithinReach(host, 'private'));
  findings.report(at, {
    allowed:
      reach === 'private'
        ? 'a host in the network or a public one'
        : 'a public host: AWS cannot reach a loopback or private one',
    fix: `write localOnly: true to watch it by npm start only${isPrivate ? `, or ${elsewhere}` : ''}`,
  });
}

/** Locations that check a monitor, in the order of the file: all that are not asleep, unless it names some. */
function votersOf(
  entry: Entry,
  wanted: string[] | undefined,
  confirmFrom: string[] | undefined,
  file: Fields,
  locations: Location[],
  findings: Findings,
): string[] {
  if (wanted) return namedLocations(entry, 'locations', wanted, file, locations, findings);
  return locations.flatMap(({ id }) => (confirmFrom?.includes(id) ? [] : [id]));
}

/** The locations that a field names, in the order of the file. */
function namedLocations(
  entry: Entry,
  field: 'locations' | 'confirmFrom',
  wanted: string[],
  file: Fields,
  locations: Location[],
  findings: Findings,
): string[] {
  const known = locations.map(({ id }) => id);
  // A location at fault is told of where it stands.
  const named = isFields(file.locations) ? Object.keys(file.locations) : known;
  for (const [i, id] of wanted.entries())
    if (!named.includes(id)) {
      const like = nearest(id, named);
      findings.report([...sourceOf(entry, [field]), i], {
        allowed: `one of the locations ${named.join(', ')}`,
        fix: like ? `did you mean '${like}'` : `add ${id}: location(…) to locations`,
      });
    }
  return known.filter((id) => wanted.includes(id));
}

/** Who checks in every slot has no need to be asked, and of several failing ones none is the first. */
function refuseNeedlessConfirmation(
  entry: Entry,
  voters: string[],
  confirmFrom: string[],
  findings: Findings,
): void {
  const both = confirmFrom.find((id) => voters.includes(id));
  if (both === undefined && voters.length === 1) return;
  const [first = 'home'] = voters;
  findings.report(sourceOf(entry, ['confirmFrom']), {
    allowed: both
      ? `locations that do not check ${entry.fields.id} anyway, as ${both} does`
      : `locations that confirm for one other: ${entry.fields.id} is checked from ${voters.join(', ') || 'none'}`,
    fix: both ? `take ${both} out of confirmFrom` : `write locations: ['${first}']`,
  });
}

/** Votes that fail a slot. Locations at fault leave nothing to count. */
function quorumOf(
  entry: Entry,
  wanted: [votes: number, voters: number] | undefined,
  { length }: string[],
  findings: Findings,
): number {
  if (!wanted) return majority(length);
  const [votes, voters] = wanted;
  if (voters !== length && length > 0)
    findings.report(sourceOf(entry, ['quorum']), {
      allowed: `M of ${length}: that many locations check ${entry.fields.id}`,
      fix: `write quorum: '${Math.min(votes, length)} of ${length}'`,
    });
  return votes;
}

function refuseDuplicates(entries: Entry[], findings: Findings): void {
  const byId = Map.groupBy(entries, ({ fields }) => fields.id);
  for (const [id, [, ...again]] of byId)
    if (typeof id === 'string')
      for (const { path } of again)
        findings.report([...path, 'id'], {
          allowed: `an id that no other monitor has: there is another ${id}`,
          fix: 'rename one of them',
        });
}
