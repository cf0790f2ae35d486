import type { Route } from '../../shared/routing/route.ts';

/** A route that tells these channels of what has one of these values, and otherwise what a file says that says nothing. */
export const routeTo = (
  notify: string[],
  match: Record<string, string[]> = {},
  more: Partial<Route> = {},
): Route => ({
  path: 'routes[0]',
  match: Object.entries(match).map(([label, values]) => ({ label, operator: '=', values })),
  continue: false,
  notify,
  groupInterval: 5 * 60_000,
  repeatEvery: 4 * 3_600_000,
  sendResolved: true,
  routes: [],
  ...more,
});

/** The parts of a config that say who is told how, of a config that says nothing of them. */
export const plainAlerting = {
  escalations: [],
  people: [],
  rotations: [],
  inhibitions: [],
  maintenance: [],
  reopenWithin: 10 * 60_000,
  deployments: true,
  responseTargets: { critical: 5 * 60_000, high: 30 * 60_000, warning: 24 * 3_600_000 },
};
