import type { Channel, Config, Level } from '../../shared/config/config.ts';
import { aConfig, aMonitor } from '../support/monitor.ts';

const slack: Channel = { id: 'ops', kind: 'slack', settings: {} };
const email: Channel = { id: 'oncall', kind: 'email', settings: {} };

interface Wanted {
  monitors?: number;
  level?: Level;
  /** Milliseconds. */
  every?: number;
  channels?: Channel[];
}

/** A config as the estimate sees it: Slack and email, and monitors that differ in their ids only. */
export function priced({ monitors = 0, level = 'standard', every = 60_000, channels }: Wanted = {}): Config {
  return aConfig({
    level,
    channels: channels ?? [slack, email],
    monitors: Array.from({ length: monitors }, (_, n) => aMonitor({ id: `monitor-${n}`, every })),
  });
}

export const onlySlack = [slack];
