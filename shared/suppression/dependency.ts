import { unitMs } from '../duration.ts';
import type { MonitorSummary } from '../history/summary.ts';
import type { Suppression } from './suppression.ts';
import type { Surroundings, Told } from './surroundings.ts';

/** Milliseconds between two looks at parents that nobody has seen yet: no longer than a page may wait for nothing. */
const lookAgainMs = 10 * unitMs.s;

/** Milliseconds an observation may take from its slot to us. */
const lateMs = 30 * unitMs.s;

/** A page waits no longer than this for a look at a parent that is checked rarely. */
const longestLookMs = 2 * unitMs.m;

/** Nobody waits longer than this for a check that may never come. */
const longestWaitMs = 5 * unitMs.m;

/** Milliseconds after which a parent that nobody sees is no excuse any more, though its incident is still open. */
const unseenMs = 15 * unitMs.m;

/**
 * The monitor that another's incident waits for. It waits while one that it depends on fails, directly or through others; until these were
 * checked after it began to fail, as failures do not arrive in their order; and once they work again, until it failed a check of its own
 * since. Each wait for a check is bounded: what never comes holds nothing back.
 * @param openedAt of the incident, epoch milliseconds
 */
export function dependencyOf(
  { subject }: Told,
  openedAt: number,
  { monitors, open }: Pick<Surroundings, 'monitors' | 'open'>,
  now: number,
): Suppression | undefined {
  const child = monitors.find(({ monitor }) => subject.type === 'monitor' && monitor.id === subject.id);
  if (!child) return undefined;
  const waits = ancestorsOf(child, monitors).flatMap((parent) => {
    const hasIncident = open.some(
      ({ subject: { type, id, aspect } }) => type === 'monitor' && id === parent.monitor.id && !aspect,
    );
    return waitFor(parent, hasIncident, { summary: child, openedAt }, now) ?? [];
  });
  // A parent that fails says more than one that is to be looked at.
  return waits.find(({ until }) => until === undefined) ?? waits[0];
}

function ancestorsOf(child: MonitorSummary, monitors: readonly MonitorSummary[]): MonitorSummary[] {
  const found = new Set<MonitorSummary>();
  const visit = ({ monitor }: MonitorSummary) => {
    for (const parent of monitors) {
      if (!monitor.dependsOn?.includes(parent.monitor.id) || parent === child || found.has(parent)) continue;
      found.add(parent);
      visit(parent);
    }
  };
  visit(child);
  return [...found];
}

interface Child {
  summary: MonitorSummary;
  openedAt: number;
}

function waitFor(
  parent: MonitorSummary,
  hasIncident: boolean,
  child: Child,
  now: number,
): Suppression | undefined {
  const { id, name } = parent.monitor;
  const because = (text: string, end?: number): Suppression => ({
    by: 'dependency',
    id,
    text,
    ...(end !== undefined && { until: Math.min(end, now + lookAgainMs) }),
  });
  if (isFailing(parent, hasIncident, now))
    return because(`waits for ${name}, which it depends on and which fails`);
  const seen = endOfWaitToSee(parent, child);
  if (now < seen) return because(`waits for a check of ${name}, which it depends on`, seen);
  const own = endOfWaitForOwn(parent, child);
  return now < own ? because(`waits for a check of its own, as ${name} works again`, own) : undefined;
}

function isFailing(
  { state, since = 0, monitor }: MonitorSummary,
  hasIncident: boolean,
  now: number,
): boolean {
  if (state === 'down') return true;
  if (!hasIncident || state === 'paused') return false;
  // An alarm is over some checks after the first good one; one that no longer hears of any is not for ever.
  const patience = state === 'unknown' ? unseenMs : monitor.alert.of * monitor.every + 2 * unitMs.m;
  return now < since + patience;
}

/** Until when it waits for a check of its parent that began after its own failure: for nothing where there is one. */
function endOfWaitToSee({ monitor, locations }: MonitorSummary, { summary, openedAt }: Child): number {
  const failedAt = summary.state === 'down' ? (summary.since ?? openedAt) : openedAt;
  const seenAt = Math.max(0, ...locations.map(({ knownAt = 0 }) => knownAt));
  return seenAt > failedAt ? 0 : openedAt + Math.min(longestLookMs, waitForCheck(monitor));
}

/** Until when it waits to be checked after its parent recovered: for nothing where it failed since. */
function endOfWaitForOwn({ state, since = 0 }: MonitorSummary, { summary, openedAt }: Child): number {
  if (state !== 'up' && state !== 'degraded') return 0;
  const failures = summary.locations.flatMap(({ downAt = 0, degradedAt = 0 }) => [downAt, degradedAt]);
  const failedAt = Math.max(0, ...failures);
  return failedAt > since ? 0 : Math.max(since, openedAt) + waitForCheck(summary.monitor);
}

const waitForCheck = ({ every, timeout }: MonitorSummary['monitor']) =>
  Math.min(longestWaitMs, every + 2 * timeout + lateMs);
