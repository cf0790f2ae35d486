import type { Route } from '../routing/route.ts';
import { problemAt } from './issues.ts';
import type { Path, Problem } from './problems.ts';

/** Routes that no incident comes to: one before them takes all that they match. Those inside of them are not told as well. */
export function unreachedRoutes(file: unknown, routes: readonly Route[], at: Path): Problem[] {
  const takers = new Map<string, string>();
  return routes.flatMap((route, i) => {
    const wanted = JSON.stringify(route.match);
    const everything = takers.get('[]');
    const taker = everything ?? takers.get(wanted);
    if (!route.continue && !taker) takers.set(wanted, route.path);
    if (taker === undefined) return unreachedRoutes(file, route.routes, [...at, i, 'routes']);
    const what = everything === undefined ? 'the same' : 'everything';
    return problemAt(file, [...at, i], {
      allowed: `a route before ${taker}, which matches ${what}: this one is never reached`,
      fix: 'move it up, or remove it',
    });
  });
}
