import { checkedFrom } from '../monitors/shards.ts';
import { ApiError } from './errors.ts';
import { findMonitor } from './find-monitor.ts';
import type { Ports } from './ports.ts';

/**
 * Has a monitor checked now, whether it is paused or not. What is seen counts for nothing: it is shown, and kept for an hour.
 * @param location one of its locations; undefined for all of them
 * @returns the run's id
 * @throws ApiError where there is no such monitor or location, or no probe that checks it
 */
export async function run(
  ports: Ports,
  monitor: string,
  location: string | undefined,
  by: string,
): Promise<string> {
  const { enabled, kind } = findMonitor(ports, monitor);
  const locations = checkedFrom(ports.config, monitor);
  if (locations.length === 0) {
    const why = enabled
      ? `no probe checks a ${kind}`
      : 'it is paused by the config: remove `enabled: false` and deploy';
    throw new ApiError('conflict', `${monitor} cannot be run: ${why}`);
  }
  if (location !== undefined && !locations.includes(location))
    throw new ApiError(
      'invalid-request',
      `${monitor} is not checked from ${JSON.stringify(location.slice(0, 80))}; it is from ${locations.join(', ')}`,
    );
  const wanted = location === undefined ? locations : [location];
  return ports.startRun({ monitor, locations: wanted, at: ports.now(), by });
}
