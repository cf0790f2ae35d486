import * as z from 'zod/mini';
import { secretReference, serverFields } from '../network/server-settings.ts';

/** Who logs into a database, and what is asked there: the same fields for every kind of it. */
export const sqlFields = {
  ...serverFields,
  /** Name of the user, best one that may only read. Default `tocsin`. */
  user: z._default(z.string().check(z.minLength(1)), 'tocsin'),
  /** Password of the user. Default none. */
  password: z.optional(secretReference),
  /** One statement, in a transaction that may only read. Default `SELECT 1`. */
  query: z._default(z.string().check(z.minLength(1), z.maxLength(10_000)), 'SELECT 1'),
};

const sqlSettings = z.strictObject(sqlFields);

export type SqlSettings = z.infer<typeof sqlSettings>;
