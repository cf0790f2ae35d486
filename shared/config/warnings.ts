import { labelsOf } from '../routing/plan.ts';
import { routesFor } from '../routing/tree.ts';
import { severities } from '../severity.ts';
import type { Config, Monitor } from './config.ts';
import { problemAt } from './issues.ts';
import type { Problem } from './problems.ts';
import { unreachedRoutes } from './unreached.ts';
import { unusedNames } from './unused.ts';

/**
 * What can stand and is probably not meant.
 * @param file what the config was resolved from
 */
export function warningsOn(file: unknown, config: Config): Problem[] {
  const warnings = [
    ...nothingWatched(file, config),
    ...unreachedRoutes(file, config.routes, ['routes']),
    ...unusedNames(file, config),
    ...untoldMonitors(file, config),
    ...quietParents(file, config),
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

/** What depends on a monitor is not told while that fails: who is to hear of it must hear of that. */
function quietParents(file: unknown, { monitors }: Config): Problem[] {
  const urgency = (monitor: Monitor) => severities.indexOf(monitor.alert.severity);
  const byId = new Map(monitors.map((monitor) => [monitor.id, monitor]));
  const quieter = monitors.flatMap((monitor) =>
    (monitor.dependsOn ?? [])
      .flatMap((id) => byId.get(id) ?? [])
      .filter((parent) => urgency(parent) < urgency(monitor))
      .map(
        (parent) => `${monitor.id} (${monitor.alert.severity}) on ${parent.id} (${parent.alert.severity})`,
      ),
  );
  if (quieter.length === 0) return [];
  return [
    problemAt(file, ['monitors'], {
      allowed: `dependence on monitors that are no less urgent, for only these are told while they fail: ${quieter.join(', ')}`,
      fix: 'give them the severity of what depends on them',
    }),
  ];
}

function nothingWatched(file: unknown, { monitors }: Config): Problem[] {
  if (monitors.some(({ enabled }) => enabled)) return [];
  const left = problemAt(file, ['monitors'], {
    allowed: 'a monitor that is enabled and not localOnly: nothing is watched',
    fix: "add one with a public target: http('api', 'https://api.example.com/health')",
  });
  return [left];
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
      const labels = labelsOf({ type: 'monitor', id: monitor.id }, alert.severity, monitor);
      return routesFor(routes, labels).length === 0;
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
