import type { Monitor } from './config.ts';
import { type Entry, inheritedFields, sourceOf } from './entries.ts';
import type { Findings } from './issues.ts';
import { refuseUnknown } from './match.ts';

/** A monitor and those it depends on. */
interface Node {
  id: string;
  entry: Entry;
  parents: string[];
}

/**
 * Ids of the monitors that each of a file depends on. What a monitor inherits never makes it depend on itself: the default of a group
 * may name one of its members.
 */
export function resolveDependencies(entries: Entry[], findings: Findings): Map<string, string[]> {
  const nodes = entries.flatMap((entry) => nodeOf(entry) ?? []);
  const ids = nodes.map(({ id }) => id);
  for (const { id, entry, parents } of nodes) {
    const path = (i: number) => [...sourceOf(entry, ['dependsOn']), i];
    refuseUnknown('monitor', parents, ids, path, findings);
    if (parents.includes(id))
      findings.report(path(parents.indexOf(id)), {
        allowed: 'another monitor than itself',
        fix: 'remove it',
      });
  }
  refuseCircles(nodes, findings);
  return new Map(nodes.map(({ id, parents }) => [id, parents]));
}

function nodeOf(entry: Entry): Node | undefined {
  const { id, dependsOn: own } = entry.fields;
  const written = own ?? inheritedFields(entry).dependsOn;
  if (typeof id !== 'string' || !Array.isArray(written) || !written.every((each) => typeof each === 'string'))
    return typeof id === 'string' ? { id, entry, parents: [] } : undefined;
  return { id, entry, parents: own === undefined ? written.filter((parent) => parent !== id) : written };
}

/** Monitors with those dependencies that are monitors of theirs: one that is left out of the stack says nothing of others. */
export function withDependencies(
  monitors: readonly Monitor[],
  dependencies: ReadonlyMap<string, string[]>,
): Monitor[] {
  const present = new Set(monitors.map(({ id }) => id));
  return monitors.map(({ dependsOn: _, ...monitor }) => {
    const parents = (dependencies.get(monitor.id) ?? []).filter((parent) => present.has(parent));
    return { ...monitor, ...(parents.length > 0 && { dependsOn: parents }) };
  });
}

/** A circle is told at the first of its monitors; of several that share monitors, one. */
function refuseCircles(nodes: Node[], findings: Findings): void {
  const parentsOf = new Map(nodes.map(({ id, parents }) => [id, parents.filter((parent) => parent !== id)]));
  const state = new Map<string, 'open' | 'done'>();
  for (const { id, entry } of nodes) {
    const circle = circleFrom(id, parentsOf, state);
    if (!circle) continue;
    const first = nodes.find((node) => circle.includes(node.id)) ?? { id, entry };
    const at = circle.indexOf(first.id);
    const around = [...circle.slice(at), ...circle.slice(0, at), first.id];
    findings.report(sourceOf(first.entry, ['dependsOn']), {
      allowed: `monitors that do not depend on ${first.id} in turn: ${around.join(' → ')}`,
      fix: `take ${around[1]} out`,
    });
  }
}

/** Goes up from a monitor, each once, until there is a circle. */
function circleFrom(
  start: string,
  parentsOf: ReadonlyMap<string, string[]>,
  state: Map<string, 'open' | 'done'>,
): string[] | undefined {
  if (state.has(start)) return undefined;
  let circle: string[] | undefined;
  const way: { id: string; left: string[] }[] = [];
  const enter = (id: string) => {
    state.set(id, 'open');
    way.push({ id, left: [...(parentsOf.get(id) ?? [])] });
  };
  enter(start);
  for (let here = way.at(-1); here; here = way.at(-1)) {
    const next = here.left.pop();
    if (next === undefined) {
      state.set(here.id, 'done');
      way.pop();
    } else if (state.get(next) === 'open')
      circle ??= way.map(({ id }) => id).slice(way.findIndex(({ id }) => id === next));
    else if (!state.has(next)) enter(next);
  }
  return circle;
}
