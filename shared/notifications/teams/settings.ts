import * as z from 'zod/mini';
import { secretSetting } from '../provider/secret-setting.ts';

/** What `teams(…)` may be given. */
export const teamsSettings = z.strictObject({
  /** The URL of a workflow «When a Teams webhook request is received», always a secret. Default `secret('teams-webhook')`. */
  webhook: z._default(secretSetting, { secret: 'teams-webhook' }),
});

export type TeamsSettings = z.infer<typeof teamsSettings>;
