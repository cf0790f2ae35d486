import * as z from 'zod/mini';
import { secretSetting } from '../provider/secret-setting.ts';

/** What `pushover(…)` may be given. */
export const pushoverSettings = z.strictObject({
  /** The API token of your application, always a secret. Default `secret('pushover-token')`. */
  token: z._default(secretSetting, { secret: 'pushover-token' }),
  /** The key of the user or group that is told, always a secret. Default `secret('pushover-user')`. */
  user: z._default(secretSetting, { secret: 'pushover-user' }),
});

export type PushoverSettings = z.infer<typeof pushoverSettings>;
