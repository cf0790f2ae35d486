import type { Monitor } from '../config/config.ts';
import type { Pause } from '../pauses/pause.ts';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';

/**
 * Pauses a monitor from now on. An earlier pause is replaced.
 * @throws ApiError where there is no such monitor, the config pauses it already, or the end has passed
 */
export async function pause(
  ports: Ports,
  monitor: string,
  pause: Omit<Pause, 'monitor' | 'at'>,
): Promise<void> {
  const { enabled } = find(ports, monitor);
  if (!enabled) throw new ApiError('conflict', `${monitor} is paused by the config: \`enabled: false\``);
  const at = ports.now();
  if (pause.until !== undefined && pause.until <= at)
    throw new ApiError('invalid-request', '`until` has passed: name a time to come, or none');
  await ports.pause({ monitor, at, ...pause });
}

/**
 * Ends the pause of a monitor, if there is one.
 * @throws ApiError where there is no such monitor, or the config pauses it
 */
export async function resume(ports: Ports, monitor: string): Promise<void> {
  const { enabled } = find(ports, monitor);
  if (!enabled)
    throw new ApiError(
      'conflict',
      `${monitor} is paused by the config: remove \`enabled: false\` and deploy`,
    );
  await ports.resume(monitor);
}

function find({ config }: Ports, id: string): Monitor {
  const monitor = config.monitors.find((each) => each.id === id);
  if (!monitor)
    throw new ApiError('not-found', `the config has no monitor ${JSON.stringify(id.slice(0, 80))}`);
  return monitor;
}
