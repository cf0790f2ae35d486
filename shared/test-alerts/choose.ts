import type { Config, Monitor } from '../config/config.ts';
import { labelsOf, planOf } from '../routing/plan.ts';
import type { Severity } from '../severity.ts';
import { TestRefusal } from './refusal.ts';

/** What the test alert should be about, and whom it should reach. */
export interface Wanted {
  monitor?: string | undefined;
  severity?: Severity | undefined;
  channel?: string | undefined;
}

export interface Chosen {
  monitor: Monitor;
  /** Channels that its incidents are routed to. */
  receivers: string[];
}

/**
 * The monitor whose alarm is set: of those that fit, the one that tells most channels. Pure.
 * @throws TestRefusal where none fits
 */
export function chooseMonitor(config: Config, wanted: Wanted): Chosen {
  const all = config.monitors
    .filter(({ enabled }) => enabled)
    .map((monitor) => ({ monitor, receivers: receiversFor(config, monitor) }));
  const fitting = all.filter(
    ({ monitor, receivers }) =>
      (!wanted.monitor || wanted.monitor === monitor.id) &&
      (!wanted.severity || wanted.severity === monitor.alert.severity) &&
      (!wanted.channel || receivers.includes(wanted.channel)),
  );
  const [best] = fitting.toSorted((a, b) => b.receivers.length - a.receivers.length);
  if (!best) throw new TestRefusal('nothing-fits', whyNone(config, wanted));
  if (best.receivers.length === 0)
    throw new TestRefusal(
      'nothing-fits',
      `no route tells anybody of ${best.monitor.id}\nadd { notify: ['…'] } to the routes, and deploy`,
    );
  return best;
}

/** Channels that incidents of a monitor are routed to. */
export function receiversFor(config: Config, monitor: Monitor): string[] {
  const subject = { type: 'monitor', id: monitor.id } as const;
  const { receivers } = planOf(config, subject, labelsOf(subject, monitor.alert.severity, monitor));
  return receivers.map(({ channel }) => channel);
}

function whyNone({ monitors, channels }: Config, { monitor, severity, channel }: Wanted): string {
  if (monitors.length === 0)
    return 'this stack watches nothing, so no alarm can be tested\nadd a monitor with a public target, and deploy';
  const ids = (items: { id: string }[]) => items.map(({ id }) => id).join(', ');
  const wishes = [
    ...(monitor ? [`is ${monitor}`] : []),
    ...(severity ? [`has severity ${severity}`] : []),
    ...(channel ? [`tells ${channel}`] : []),
  ];
  return [
    `no enabled monitor ${wishes.join(' and ') || 'is there'}`,
    `there are monitors ${ids(monitors)} and channels ${ids(channels) || '(none)'}`,
  ].join('\n');
}
