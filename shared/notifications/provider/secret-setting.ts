import * as z from 'zod/mini';

/** `secret('name')` in a channel's settings: all that a config ever holds of it. */
export const secretSetting = z.strictObject({ secret: z.string().check(z.minLength(1)) });
