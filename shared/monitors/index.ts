import { http } from './http.ts';
import type { MonitorKind } from './kind.ts';

/** Every kind of monitor, by the word the config uses for it. */
export const monitorKinds = { http };

/** A kind by its name; undefined where there is none of that name. */
export function monitorKind(name: string): MonitorKind<unknown> | undefined {
  const kinds: Record<string, MonitorKind<unknown>> = monitorKinds;
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}
