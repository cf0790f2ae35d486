import { fits } from './matcher.ts';
import type { Route } from './route.ts';

/**
 * The routes that labels lead to, deepest ones only, in order: a route whose children fit none stands for itself, and only after one
 * that says `continue` are its later siblings asked. The first owns the incident, the others add receivers.
 */
export function routesFor(routes: readonly Route[], labels: Readonly<Record<string, string>>): Route[] {
  const found: Route[] = [];
  for (const route of routes) {
    if (!fits(route.match, labels)) continue;
    const deeper = routesFor(route.routes, labels);
    found.push(...(deeper.length > 0 ? deeper : [route]));
    if (!route.continue) break;
  }
  return found;
}
