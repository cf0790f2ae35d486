import * as z from 'zod/mini';
import { endpoint } from '../network/endpoint.ts';
import { sqlFields } from '../sql/settings.ts';

/** What a MySQL monitor may be given besides what all monitors share. */
export const mysqlSettings = z.strictObject({
  /** Host, and port unless that is 3306: `db.example.com`. */
  target: endpoint(3306),
  ...sqlFields,
  /** Name of the database. Default none is selected. */
  database: z.optional(z.string().check(z.minLength(1))),
});

export type MysqlSettings = z.infer<typeof mysqlSettings>;
