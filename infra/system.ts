import type { Config } from '../shared/config/config.ts';

/** Name of the main stack; what has a fixed name begins with it. */
export const systemName = ({ name }: Pick<Config, 'name'>) => `Tocsin-${name}`;
