import type { Aws } from './environment.ts';
import { readParameter } from './parameters.ts';

/** Milliseconds a value is kept: a rotated secret is used within this time. */
const keptMs = 60_000;

/** A secret that is not there. Carries its full parameter name, never a value. */
export class SecretMissing extends Error {
  readonly parameter: string;
  /** @param remedy what to do about it. Default: to put it into the account */
  constructor(parameter: string, remedy?: string) {
    const put = `run \`npm run tocsin -- secrets set ${parameter.split('/').at(-1)}\``;
    super(`secret ${parameter} is missing: ${remedy ?? put}`);
    this.name = 'SecretMissing';
    this.parameter = parameter;
  }
}

/** Value of the secret of that name. Throws `SecretMissing`, or what SSM answered. */
export type ReadSecret = (name: string) => Promise<string>;

/**
 * Reads SSM SecureStrings below `prefix` (`/tocsin/<config name>/`), each kept for a minute.
 * @param now epoch milliseconds
 */
export function secretReader(aws: Aws, prefix: string, now: () => number): ReadSecret {
  const known = new Map<string, { value: string; until: number }>();
  return async (name) => {
    const kept = known.get(name);
    if (kept && kept.until > now()) return kept.value;
    const value = await readParameter(aws, prefix + name);
    if (value === undefined) throw new SecretMissing(prefix + name);
    known.set(name, { value, until: now() + keptMs });
    return value;
  };
}
