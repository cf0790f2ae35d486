import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type ReadSecret, SecretMissing } from '../../shared/aws/secrets.ts';
import { environmentName } from '../../shared/config/secret.ts';

/** Secrets from where `npm start` has them: the environment, and `.env` for what it lacks. */
export function localSecrets(): ReadSecret {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return async (name) => {
    const variable = environmentName(name);
    // An empty variable is an absent one.
    const value = process.env[variable] || file[variable];
    if (value) return value;
    throw new SecretMissing(name, undefined, `export ${variable}=…, or put it into .env`);
  };
}
