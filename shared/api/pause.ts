import type { Pause } from '../pauses/pause.ts';
import { ApiError } from './errors.ts';
import { findMonitor } from './find-monitor.ts';
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
  const { enabled } = findMonitor(ports, monitor);
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
  const { enabled } = findMonitor(ports, monitor);
  if (!enabled)
    throw new ApiError(
      'conflict',
      `${monitor} is paused by the config: remove \`enabled: false\` and deploy`,
    );
  await ports.resume(monitor);
}
