import * as z from 'zod/mini';
import { httpSettings } from '../http/settings.ts';
import { jsonSchema } from '../json-schema.ts';
import { serverFields } from '../network/server-settings.ts';
import { pattern } from '../tcp/settings.ts';

const url = z.string().check(
  z.refine(
    (text) => URL.canParse(text) && ['ws:', 'wss:'].includes(new URL(text).protocol),
    "must be a URL that starts with ws:// or wss://: write url: 'wss://live.example.com/feed'",
  ),
  z.refine(
    (text) => !URL.canParse(text) || !(new URL(text).username || new URL(text).password),
    "must be a URL without user name and password: write headers: { authorization: secret('live') }",
  ),
);

const step = z.union([
  z.strictObject({
    /** Waits for a message that matches; messages before it are passed over. */
    expect: pattern,
    /** A message that ends the dialogue as a failure, at once. Default none: other messages are passed over. */
    unless: z.optional(pattern),
  }),
  z.strictObject({
    /** Sent as one message of text. */
    send: z.string().check(z.minLength(1)),
  }),
]);

/** What a WebSocket monitor may be given besides what all monitors share. */
export const websocketSettings = z.strictObject({
  /** Where the handshake goes: ws or wss. */
  url,
  /** By name, sent with the handshake; a value may be `secret('name')`. Default none. */
  headers: httpSettings.shape.headers,
  /** Protocols that are offered inside it; the server must take one of them. Default none. */
  subprotocols: z._default(
    z.array(z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be a protocol name such as mqtt'))),
    [],
  ),
  /** What is said and expected, message by message, all within the timeout. Default none: the handshake is enough. */
  dialogue: z._default(z.array(step).check(z.maxLength(50)), []),
  /** JSON Schema that the message waited for last must be as; see http. Adds `schema == valid` to what is expected. Default none. */
  schema: z.optional(jsonSchema),
  tls: serverFields.tls,
  ipFamily: serverFields.ipFamily,
});

export type WebSocketSettings = z.infer<typeof websocketSettings>;
