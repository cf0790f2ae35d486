import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type ReadSecret, SecretMissing } from '../../shared/aws/secrets.ts';
import { environmentName } from '../../shared/config/secret.ts';

/**
 * Secrets from where `npm start` has them: the environment, and `.env` for what it lacks.
 * @param file of lines `NAME=value`; it need not be there
 */
export function localSecrets(
  environment: Record<string, string | undefined> = process.env,
  file = '.env',
): ReadSecret {
  const written = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return async (name) => {
    const variable = environmentName(name);
    // An empty variable is an absent one.
    const value = environment[variable] || written[variable];
    if (value) return value;
    throw new SecretMissing(name, `export ${variable}=…, or put it into .env`);
  };
}
