import type { Component, Outcome } from '../observation.ts';
import { latencyIn } from './latency.ts';
import { isMembers, type Members, memberOf } from './members.ts';
import { outcomeOf, worstOf } from './words.ts';

/** Members in which a part of a system says how it is. */
const stateMembers = ['status', 'state', 'healthy', 'isHealthy', 'ok', 'alive', 'up'];

/** Members in which it says why. */
const reasonMembers = ['message', 'error', 'output', 'description', 'reason', 'exception'];

/** Members that hold more about the part around them. */
const detailMembers = ['details', 'data'];

/** Characters kept of what the target writes. */
const kept = { name: 100, message: 200 };

/** How something says it is: `true`, `"ok"`, `{status: "UP"}`, `{healthy: false}`; undefined where it does not say. */
export function stateOf(value: unknown): Outcome | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return outcomeOf(value);
  const states = stateMembers.map((member) => memberOf(value, member)).filter(isState);
  return states.length === 0 ? undefined : worstOf(states.map(outcomeOf));
}

const isState = (value: unknown) => typeof value === 'string' || typeof value === 'boolean';

/** One part of a system. Undefined where it does not say how it is, or has no name. */
export function componentOf(name: string, value: unknown): Component | undefined {
  const outcome = stateOf(value);
  const shown = shownName(name);
  if (outcome === undefined || !shown) return undefined;
  const sources = [value, ...detailMembers.map((member) => memberOf(value, member))].filter(isMembers);
  const message = outcome === 'up' ? undefined : reasonIn(sources);
  return { name: shown, outcome, ...latencyIn(shown, sources), ...(message && { message }) };
}

/** A name at a length that is kept. */
export const shownName = (name: string) => name.trim().slice(0, kept.name).toWellFormed();

function reasonIn(sources: readonly Members[]): string | undefined {
  const reasons = sources.flatMap((source) =>
    reasonMembers.map((member) => textOf(memberOf(source, member))),
  );
  return reasons.find(Boolean)?.slice(0, kept.message).toWellFormed();
}

function textOf(value: unknown): string | undefined {
  const text = isMembers(value) ? memberOf(value, 'message') : value;
  return typeof text === 'string' ? text.trim() : undefined;
}

/** What is in an object, by name, or in a list whose items have names. */
export function entriesIn(container: unknown): (readonly [name: string, value: unknown])[] {
  if (Array.isArray(container)) return container.map((item) => [nameIn(item), item]);
  return isMembers(container) ? Object.entries(container) : [];
}

/** The parts in an object or a list. */
export const componentsIn = (container: unknown): Component[] =>
  entriesIn(container).flatMap(([name, value]) => componentOf(name, value) ?? []);

function nameIn(item: unknown): string {
  const name = ['name', 'key', 'component', 'id'].map((member) => memberOf(item, member));
  return String(name.find((value) => typeof value === 'string') ?? '');
}
