import * as z from 'zod/mini';
import { endpoint } from '../network/endpoint.ts';
import { sqlFields } from '../sql/settings.ts';

/** What a PostgreSQL monitor may be given besides what all monitors share. */
export const postgresSettings = z.strictObject({
  /** Host, and port unless that is 5432: `db.example.com`. */
  target: endpoint(5432),
  ...sqlFields,
  /** Name of the database. Default `postgres`. */
  database: z._default(z.string().check(z.minLength(1)), 'postgres'),
});

export type PostgresSettings = z.infer<typeof postgresSettings>;
