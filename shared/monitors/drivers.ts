import type { Monitor } from '../config/config.ts';
import { kindIn, type MonitorKinds } from './kind.ts';

/**
 * Loads the drivers that these monitors need, before any check is timed: meanwhile nothing else of this process goes on. One that cannot
 * be loaded is told by the checks that need it.
 */
export async function loadDrivers(kinds: MonitorKinds, monitors: readonly Monitor[]): Promise<void> {
  const needed = new Set(monitors.map(({ kind }) => kindIn(kinds, kind)));
  await Promise.allSettled([...needed].map((kind) => kind?.loadDriver?.()));
}
