import * as z from 'zod/mini';
import { browserFields } from '../browser/settings.ts';
import { secretReference } from '../network/server-settings.ts';

/** What a script monitor may be given besides what all monitors share. */
export const scriptSettings = z.strictObject({
  /** The script, in TypeScript or JavaScript: its path, from where the config file is. */
  file: z
    .string("must be the path of a script: write './checks/checkout.ts'")
    .check(
      z.regex(/\.[cm]?[jt]sx?$/, "must be a file in TypeScript or JavaScript: write './checks/checkout.ts'"),
    ),
  /** What the script is given as `variables`, by name: text, or `secret('name')`. Default none. */
  variables: z._default(
    z.record(
      z
        .string()
        .check(
          z.regex(/^[A-Za-z_]\w{0,63}$/, 'must be at most 64 letters, digits and underscores: write user'),
        ),
      z.union([z.string(), secretReference]),
    ),
    {},
  ),
  ...browserFields,
});

export type ScriptSettings = z.infer<typeof scriptSettings>;
