import { nearest } from '../nearest.ts';
import type { Route } from '../routing/route.ts';
import type { Monitor } from './config.ts';
import type { Findings } from './issues.ts';
import type { Path } from './problems.ts';
import { routeSchema, severityOf, severityWords } from './schema.ts';

/** What routes may refer to. */
interface Known {
  /** All of the file, those that are left out of the stack included; undefined while some are at fault. */
  monitors: Monitor[] | undefined;
  channels: string[];
}

/** What the top of the tree says, where the file does not. */
const inherited = {
  continue: false,
  groupInterval: 5 * 60_000,
  repeatEvery: 4 * 3_600_000,
  sendResolved: true,
};

/** Routes of a file, those that have the right form. A reference that matches nothing is refused: it is misspelt, or left over. */
export function resolveRoutes(written: unknown, known: Known, findings: Findings): Route[] {
  if (!Array.isArray(written))
    return [{ ...inherited, path: 'routes', match: [], notify: known.channels, routes: [] }];
  const labels = known.monitors && labelsOf(known.monitors);
  return written.flatMap((item, i) => {
    const route = routeSchema.safeParse(item);
    if (!route.success) return [];
    const { match, notify } = route.data;
    refuseUnknownChannels(notify, known.channels, ['routes', i, 'notify'], findings);
    const wanted = Object.entries(match).map(([label, values]) => {
      const at = ['routes', i, 'match', label];
      return { label, operator: '=' as const, values: valuesOf(label, values, labels, at, findings) };
    });
    return [{ ...inherited, path: `routes[${i}]`, match: wanted, notify, routes: [] }];
  });
}

function refuseUnknownChannels(notify: string[], channels: string[], at: Path, findings: Findings): void {
  notify.forEach((channel, i) => {
    if (channels.includes(channel)) return;
    const allowed = channels.length
      ? `one of the channels ${channels.join(', ')}`
      : 'a channel: there are none';
    findings.report([...at, i], { allowed, fix: suggest(channel, channels, `add ${channel} to channels`) });
  });
}

function valuesOf(
  label: string,
  written: string | string[],
  labels: Map<string, Set<string>> | undefined,
  at: Path,
  findings: Findings,
): string[] {
  if (!labels && label !== 'severity') return [];
  const known = label === 'severity' ? new Set<string>(severityWords) : labels?.get(label);
  if (!known) {
    const names = [...(labels?.keys() ?? [])];
    const example = label === 'group' ? "group('shop', { monitors: […] })" : `labels: { ${label}: '…' }`;
    const fix = suggest(label, names, `give a monitor its ${label}: ${example}`);
    findings.report(at, { allowed: `one of the labels ${names.join(', ')}`, fix });
    return [];
  }
  const isList = Array.isArray(written);
  return [written].flat().flatMap((value, i) => {
    const found = label === 'severity' ? severityOf(value) : known.has(value) ? value : undefined;
    if (found !== undefined) return [found];
    const words = [...known];
    const allowed = words.length
      ? `one of ${words.join(', ')}`
      : `a ${label} that a monitor has: none has one`;
    findings.report(isList ? [...at, i] : at, { allowed, fix: suggest(value, words, 'remove it') });
    return [];
  });
}

function suggest(word: string, candidates: readonly string[], otherwise: string): string {
  const like = nearest(word, candidates);
  return like ? `did you mean '${like}'` : otherwise;
}

/** Every label of every monitor with its values, and what each incident has by itself. */
function labelsOf(monitors: Monitor[]): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>([['severity', new Set()]]);
  for (const monitor of monitors)
    for (const [label, value] of Object.entries(routedBy(monitor)))
      labels.set(label, (labels.get(label) ?? new Set()).add(value));
  return labels;
}

/** The labels a monitor's incidents are routed by. */
export function routedBy({ id, group, alert, labels }: Monitor): Record<string, string> {
  return { ...labels, monitor: id, severity: alert.severity, ...(group && { group }) };
}
