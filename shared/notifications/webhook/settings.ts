import * as z from 'zod/mini';
import { secretSetting } from '../provider/secret-setting.ts';

/** Headers that belong to HTTP or to us. */
const taken =
  /^(host|connection|content-length|content-type|transfer-encoding|expect|upgrade|te|trailer|user-agent|tocsin-.*)$/i;

const headerName = z
  .string()
  .check(
    z.refine(
      (name) => /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name) && !taken.test(name),
      'must be the name of a header that HTTP and Tocsin leave to you, such as authorization or x-api-key',
    ),
  );

/** What `webhook(…)` may be given. */
export const webhookSettings = z.strictObject({
  /** The receiver's URL, https, always a secret. Default `secret('webhook-url')`. */
  url: z._default(secretSetting, { secret: 'webhook-url' }),
  /** The key that signs each request: any text that only you and the receiver know. Default `secret('webhook-key')`. */
  key: z._default(secretSetting, { secret: 'webhook-key' }),
  /** Further headers, each a secret: `{ authorization: secret('receiver-token') }`. Default none. */
  headers: z._default(z.record(headerName, secretSetting), {}),
});

export type WebhookSettings = z.infer<typeof webhookSettings>;
