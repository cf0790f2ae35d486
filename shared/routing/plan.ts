import type { Config, Monitor } from '../config/config.ts';
import type { Subject } from '../incidents/incident.ts';
import type { Severity } from '../severity.ts';
import type { Plan, Receiver, Route } from './route.ts';
import { routesFor } from './tree.ts';

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

/** Milliseconds that an incident waits for more alerts, and for its own recovery, before it is told. */
export const groupWaitMs = (severity: string | undefined) => (severity === 'critical' ? 0 : 30_000);

/** Terms of an incident that no route of the config is about. */
const unrouted = { groupInterval: 5 * 60_000, repeatEvery: 4 * 3_600_000 };

/**
 * How an incident of this subject is told. A monitor that no route matches is told to nobody, as the config says; an alarm that the
 * config does not know (ours about Tocsin itself, somebody's, a text) then goes to every channel.
 */
export function planOf(
  config: Pick<Config, 'routes' | 'channels' | 'escalations'>,
  subject: Subject,
  labels: Readonly<Record<string, string>>,
): Plan {
  const routes = routesFor(config.routes, labels);
  const [owner] = routes;
  const escalation = config.escalations.find(({ policy }) => policy === owner?.escalate);
  return {
    ...(owner && { route: owner.path }),
    groupKey: groupKeyOf(subject, labels, owner),
    groupWait: owner?.groupWait ?? groupWaitMs(labels.severity),
    groupInterval: (owner ?? unrouted).groupInterval,
    repeatEvery: (owner ?? unrouted).repeatEvery,
    receivers: owner || subject.type === 'monitor' ? receiversOf(routes) : everybody(config),
    ...(escalation && { escalation }),
  };
}

/** Each channel once, in the order of the routes. */
function receiversOf(routes: readonly Route[]): Receiver[] {
  const receivers = new Map<string, Receiver>();
  for (const { notify, sendResolved, hours, digest } of routes)
    for (const channel of notify)
      if (!receivers.has(channel))
        receivers.set(channel, { channel, sendResolved, ...(hours && { hours }), ...(digest && { digest }) });
  return [...receivers.values()];
}

const everybody = ({ channels }: Pick<Config, 'channels'>): Receiver[] =>
  channels.map(({ id }) => ({ channel: id, sendResolved: true }));

/** Labels of the config, not its routes: a config that is written anew leaves open incidents where they are. */
function groupKeyOf(
  subject: Subject,
  labels: Readonly<Record<string, string>>,
  owner: Route | undefined,
): string {
  if (!owner?.groupBy) return [subject.type, subject.id, subject.aspect].filter(Boolean).join('/');
  const alike = owner.groupBy.toSorted().map((label) => `${label}=${JSON.stringify(labels[label] ?? '')}`);
  return `group/${alike.join(',')}`;
}
