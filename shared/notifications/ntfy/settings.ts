import * as z from 'zod/mini';
import { secretSetting } from '../provider/secret-setting.ts';

const server = z.string().check(
  z.refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url?.protocol === 'https:' && !url.username && !url.password && !url.search && !url.hash;
  }, "must be the https address of a server, without a password: write server: 'https://ntfy.example.com', and token: secret('ntfy-token')"),
);

/** What `ntfy(…)` may be given. */
export const ntfySettings = z.strictObject({
  /** The topic, always a secret: whoever knows it can read it. Default `secret('ntfy-topic')`. */
  topic: z._default(secretSetting, { secret: 'ntfy-topic' }),
  /** A server of your own, https. Default `https://ntfy.sh`. */
  server: z._default(server, 'https://ntfy.sh'),
  /** An access token, for topics that are not open to all. Default none. */
  token: z.optional(secretSetting),
});

export type NtfySettings = z.infer<typeof ntfySettings>;
