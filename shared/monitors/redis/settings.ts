import * as z from 'zod/mini';
import { endpoint } from '../network/endpoint.ts';
import { secretReference, serverFields } from '../network/server-settings.ts';

/** What a Redis monitor may be given besides what all monitors share. */
export const redisSettings = z.strictObject({
  /** Host, and port unless that is 6379: `cache.example.com`. */
  target: endpoint(6379),
  ...serverFields,
  /** Name of the user (ACL), with its password. Default: Redis's own `default`. */
  user: z.optional(z.string().check(z.minLength(1))),
  /** Password of the user. Default none: the server asks for none. */
  password: z.optional(secretReference),
  /** Number of the database that is selected. Default 0. */
  database: z._default(z.int().check(z.minimum(0), z.maximum(65_535)), 0),
});

export type RedisSettings = z.infer<typeof redisSettings>;
