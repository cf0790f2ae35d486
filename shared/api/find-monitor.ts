import type { Monitor } from '../config/config.ts';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';

/** The monitor of an id. @throws ApiError where the config has none */
export function findMonitor({ config }: Pick<Ports, 'config'>, id: string): Monitor {
  const monitor = config.monitors.find((each) => each.id === id);
  if (!monitor)
    throw new ApiError('not-found', `the config has no monitor ${JSON.stringify(id.slice(0, 80))}`);
  return monitor;
}
