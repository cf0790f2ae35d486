import type { Config, Monitor, Route } from '../config/config.ts';
import type { Severity } from '../severity.ts';
import type { Subject } from './incident.ts';

/** Labels routes are matched by: the monitor's own, and `severity`, `monitor`, `group`, `type`, which nobody may override. */
export function labelsOf(
  subject: Subject,
  severity: Severity,
  monitor: Monitor | undefined,
): Record<string, string> {
  return {
    ...monitor?.labels,
    type: subject.type,
    severity,
    ...(monitor && { monitor: monitor.id }),
    ...(monitor?.group && { group: monitor.group }),
  };
}

/** The first route whose every label equals one of its values: it owns the incident. */
export function matchRoute(
  routes: readonly Route[],
  labels: Readonly<Record<string, string>>,
): Route | undefined {
  return routes.find((route) =>
    Object.entries(route.match).every(([label, values]) => values.includes(labels[label] ?? '')),
  );
}

/**
 * Channels to tell of an incident. A monitor that no route matches is told to nobody, as the config says;
 * an alarm that the config does not know (ours about Tocsin itself, somebody's, a text) then goes to every channel.
 */
export function receiversOf(
  config: Pick<Config, 'routes' | 'channels'>,
  subject: Subject,
  labels: Readonly<Record<string, string>>,
): string[] {
  const route = matchRoute(config.routes, labels);
  if (route) return route.notify;
  return subject.type === 'monitor' ? [] : config.channels.map((channel) => channel.id);
}
