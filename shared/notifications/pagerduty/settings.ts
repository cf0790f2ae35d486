import * as z from 'zod/mini';
import { secretSetting } from '../provider/secret-setting.ts';

/** What `pagerduty(…)` may be given. */
export const pagerdutySettings = z.strictObject({
  /** The integration key of «Events API V2», always a secret. Default `secret('pagerduty-routing-key')`. */
  routingKey: z._default(secretSetting, { secret: 'pagerduty-routing-key' }),
  /** Where the account is: `eu` for `*.eu.pagerduty.com`. Default `us`. */
  region: z._default(z.enum(['us', 'eu']), 'us'),
});

export type PagerDutySettings = z.infer<typeof pagerdutySettings>;
