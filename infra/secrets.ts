import type { Config } from '../shared/config/config.ts';

/** Where the secrets of a system are in SSM: each function may read those it needs below it. */
export const secretPrefix = ({ name }: Pick<Config, 'name'>) => `/tocsin/${name}/`;

/** Names of the secrets that settings refer to, wherever in them the references are. */
export function secretsIn(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  if ('secret' in settings && typeof settings.secret === 'string') return [settings.secret];
  return Object.values(settings).flatMap(secretsIn);
}
