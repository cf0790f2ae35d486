import { routesFor } from '../routing/tree.ts';
import type { Config } from './config.ts';
import { problemAt } from './issues.ts';
import type { Problem } from './problems.ts';
import { routedBy } from './routes.ts';

/**
 * What can stand and is probably not meant.
 * @param file what the config was resolved from
 */
export function warningsOn(file: unknown, config: Config): Problem[] {
  const warnings = [
    ...nothingWatched(file, config),
    ...unreachableRoutes(file, config),
    ...unusedChannels(file, config),
    ...untoldMonitors(file, config),
  ];
  const { email, sms } = config.selfContact;
  if (email.length + sms.length === 0)
    warnings.push(
      problemAt(file, ['selfContact'], {
        allowed: 'somebody who is told when Tocsin itself is broken',
        fix: "write selfContact: { email: ['you@example.com'] }",
      }),
    );
  return warnings;
}

function nothingWatched(file: unknown, { monitors }: Config): Problem[] {
  if (monitors.some(({ enabled }) => enabled)) return [];
  const left = problemAt(file, ['monitors'], {
    allowed: 'a monitor that is enabled and not localOnly: nothing is watched',
    fix: "add one with a public target: http('api', 'https://api.example.com/health')",
  });
  return [left];
}

const matchesEverything = ({ match }: Config['routes'][number]) => Object.keys(match).length === 0;

function unreachableRoutes(file: unknown, { routes }: Config): Problem[] {
  const last = routes.findIndex(matchesEverything);
  if (last === -1) return [];
  return routes.slice(last + 1).map((_, i) =>
    problemAt(file, ['routes', last + 1 + i], {
      allowed: `a route before routes[${last}], which matches everything: this one is never reached`,
      fix: 'move it up, or remove it',
    }),
  );
}

function unusedChannels(file: unknown, { channels, routes }: Config): Problem[] {
  const used = new Set(routes.flatMap(({ notify }) => notify));
  return channels
    .filter(({ id }) => !used.has(id))
    .map(({ id }) =>
      problemAt(file, ['channels', id], {
        allowed: 'a channel that a route names: this one is never told anything',
        fix: `add ${id} to a route, or remove it`,
      }),
    );
}

/** Monitors with incidents, also those for being degraded, that no route takes. */
function untoldMonitors(file: unknown, { channels, monitors, routes }: Config): Problem[] {
  if (channels.length === 0)
    return [
      problemAt(file, ['channels'], {
        allowed: 'at least one channel: nobody is told of any incident',
        fix: 'write channels: { ops: slack() }',
      }),
    ];
  const untold = monitors.filter((monitor) => {
    const { degraded, ...down } = monitor.alert;
    return [down, ...(degraded ? [degraded] : [])].some((alert) => {
      return routesFor(routes, routedBy({ ...monitor, alert })).length === 0;
    });
  });
  if (untold.length === 0) return [];
  const names = untold.map(({ id }) => id).join(', ');
  return [
    problemAt(file, ['routes'], {
      allowed: `a route for every monitor: none matches ${names}`,
      fix: "end with { notify: ['…'] }",
    }),
  ];
}
