import type { Component, Outcome } from '../observation.ts';
import { componentOf, componentsIn, entriesIn, shownName, stateOf } from './component.ts';
import { isMembers, type Members, memberOf } from './members.ts';

/** What a document says: of the whole, once or more, and of its parts. */
export interface Reading {
  says: (Outcome | undefined)[];
  components: Component[];
}

/** Levels of parts within parts that are read. */
const deepest = 8;

/**
 * Every format that is read, the most telling first: the first that finds its own members in a document reads it.
 * Each of them may be reported beside a `status`.
 */
const shapes: Record<string, (body: Members) => Component[] | Reading | undefined> = {
  /** IETF draft-inadarei-api-health-check: `{"checks": {"db:responseTime": [{"status": "pass", …}]}}` */
  'health+json': (body) => {
    const checks = memberOf(body, 'checks');
    if (!isMembers(checks) || !Object.values(checks).some(Array.isArray)) return undefined;
    return entriesIn(checks).flatMap(([name, nodes]) => observedNodes(name, [nodes].flat()));
  },
  /** MicroProfile Health: `{"checks": [{"name": "db", "status": "UP", "data": {…}}]}` */
  microprofile: (body) => {
    const checks = memberOf(body, 'checks');
    return Array.isArray(checks) ? componentsIn(checks) : undefined;
  },
  /** Spring Boot Actuator: `components` (2.2 and later) or `details`, nested; also Terminus of NestJS. */
  actuator: (body) => {
    const nested = nestedComponents('', body, deepest);
    return nested.length > 0 ? nested : undefined;
  },
  /** ASP.NET HealthChecks and their UI: `entries` or `results`, as an object or a list. */
  aspnet: (body) => {
    const found = memberOf(body, 'entries') ?? memberOf(body, 'results');
    return found === undefined ? undefined : componentsIn(found);
  },
  /** `{"status": …, "metrics": {"external": {"healthy": false, "services": {"redis": {"healthy": false}}}}}` */
  metrics: ({ status, metrics }) => {
    const external = memberOf(metrics, 'external');
    if (!isMembers(metrics) || !isMembers(external)) return undefined;
    const { external: _, ...others } = metrics;
    const components = [...componentsIn(external.services), ...componentsIn(others).filter(isPart(others))];
    return { says: [stateOf(status), stateOf(external)], components };
  },
  /** `{"status": …, "checks": {"database": {"status": "healthy", "latency": 4}}, "circuitBreakers": {…}}` */
  checks: (body) => {
    const breakers = memberOf(body, 'circuitBreakers');
    const containers = ['checks', 'services', 'dependencies']
      .map((name) => memberOf(body, name))
      .filter(isMembers);
    if (containers.length === 0 && breakers === undefined) return undefined;
    return [...containers.flatMap(componentsIn), ...breakersIn(breakers)];
  },
  /** `{"status": "ok"}`, `{"healthy": true, "database": {"healthy": true}}` */
  status: (body) => componentsIn(body).filter(isPart(body)),
};

/** How a document says that the system is; undefined where it has no shape that is known. */
export function readShape(body: unknown): (Reading & { shape: string }) | undefined {
  if (typeof body === 'string' || typeof body === 'boolean')
    return { shape: 'word', says: [stateOf(body)], components: [] };
  if (!isMembers(body)) return undefined;
  for (const [shape, read] of Object.entries(shapes)) {
    const found = read(body);
    if (!found) continue;
    const reading = Array.isArray(found) ? { says: [stateOf(body)], components: found } : found;
    if (reading.components.length > 0 || reading.says.some(Boolean)) return { shape, ...reading };
  }
  return undefined;
}

/** Several nodes of one measurement are told apart by their ids, or by their number. */
function observedNodes(name: string, nodes: readonly unknown[]): Component[] {
  return nodes.flatMap((node, n) => {
    const id = memberOf(node, 'componentId');
    const suffix = nodes.length === 1 ? '' : `/${typeof id === 'string' ? id : n + 1}`;
    return componentOf(name + suffix, node) ?? [];
  });
}

/** Parts of parts are called `db/primary`, as Actuator's own paths have it. */
function nestedComponents(prefix: string, around: Members, depth: number): Component[] {
  const container = ['components', 'details'].map((name) => memberOf(around, name)).find(isMembers);
  if (!container || depth === 0) return [];
  return Object.entries(container).flatMap(([name, part]) => {
    if (!isMembers(part)) return [];
    const component = componentOf(prefix + name, part);
    return component ? [component, ...nestedComponents(`${prefix}${name}/`, part, depth - 1)] : [];
  });
}

/** An open circuit breaker means that the service does without what is behind it. */
const breakerStates: Record<string, Outcome> = { closed: 'up', halfopen: 'degraded', open: 'degraded' };

function breakersIn(breakers: unknown): Component[] {
  return entriesIn(breakers).flatMap(([name, breaker]) => {
    const state = memberOf(breaker, 'state') ?? memberOf(breaker, 'status') ?? breaker;
    const word =
      typeof state === 'string'
        ? state
            .slice(0, 20)
            .toLowerCase()
            .replace(/[\s_-]/g, '')
        : '';
    if (!Object.hasOwn(breakerStates, word)) return [];
    const outcome = breakerStates[word]!;
    const message = outcome === 'up' ? {} : { message: `the circuit breaker is ${state}` };
    return [{ name: shownName(`circuitBreakers/${name}`), outcome, ...message }];
  });
}

/** Beside other members only objects are parts: a text such as `version` says nothing about health. */
const isPart =
  (around: Members) =>
  ({ name }: Component) =>
    isMembers(memberOf(around, name));
