import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Aws } from '../../shared/aws/environment.ts';
import { adminToken, secretPrefix } from '../../shared/config/secret.ts';
import { pingKey } from '../../shared/heartbeats/token.ts';
import { mailKey } from '../../shared/notifications/email/link.ts';
import { clientOf } from './account.ts';

/** Bytes of randomness in a token: 43 characters of base64url. */
const tokenBytes = 32;

/** The SecureString with a system's admin token. */
export const adminTokenParameter = (system: string) => secretPrefix({ name: system }) + adminToken;

/**
 * Writes an admin token where there is none yet: the first deploy does. One that is there stays, whoever came first.
 * @param random so many random bytes, e.g. `randomBytes` of node:crypto
 * @returns whether it was written
 */
export const ensureAdminToken = (aws: Aws, system: string, random: Random) =>
  ensureRandom(aws, adminTokenParameter(system), random);

/** Likewise the key that ping URLs of heartbeats are made with. */
export const ensurePingKey = (aws: Aws, system: string, random: Random) =>
  ensureRandom(aws, secretPrefix({ name: system }) + pingKey, random);

/** And the key that links of mails are signed with. */
export const ensureMailKey = (aws: Aws, system: string, random: Random) =>
  ensureRandom(aws, secretPrefix({ name: system }) + mailKey, random);

type Random = (bytes: number) => Buffer;

async function ensureRandom(aws: Aws, parameter: string, random: Random): Promise<boolean> {
  const input = {
    Name: parameter,
    Value: random(tokenBytes).toString('base64url'),
    Type: 'SecureString',
    Overwrite: false,
  } as const;
  try {
    await new SSMClient(clientOf(aws)).send(new PutParameterCommand(input));
    return true;
  } catch (error) {
    if ((error as Error).name === 'ParameterAlreadyExists') return false;
    throw error;
  }
}
