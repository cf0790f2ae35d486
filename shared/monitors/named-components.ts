import type { Monitor } from '../config/config.ts';
import type { HealthSettings } from './health-settings.ts';

/** Components that a config names, in a health monitor's settings or in conditions, as the target writes them. */
export function namedComponents({ kind, settings, expect, degraded = [] }: Monitor): Set<string> {
  const asked = [...expect, ...degraded].flatMap(({ property, argument }) =>
    argument !== undefined && property.startsWith('component') ? [componentName(argument)] : [],
  );
  const listed = kind === 'health' ? (settings as HealthSettings).components : [];
  return new Set([...listed, ...asked]);
}

/** The name in a condition, where it stands in quotes if it is not one plain word. */
export const componentName = (argument: string) => argument.replace(/^"(.*)"$/, '$1');
