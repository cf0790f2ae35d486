import { createHmac } from 'node:crypto';
import type { SecretReference } from '../config/config.ts';
import type { IncidentEvent } from '../incidents/incident.ts';
import { SecretUnusable } from './errors.ts';
import type { Answer, ChannelKind, SendContext } from './kind.ts';
import { postToSecret } from './provider/post.ts';
import { type WebhookSettings, webhookSettings } from './webhook/settings.ts';

/** What is posted: an event as JSON, and what of it stands in headers. */
export interface WebhookMessage {
  id: string;
  type: IncidentEvent['type'];
  body: string;
}

/**
 * Any receiver over HTTPS: it is posted each event as JSON (docs/events.md), signed with a key that both know (docs/channels.md). It is
 * told all that happens to an incident.
 */
export const webhook: ChannelKind<WebhookSettings, WebhookMessage> = {
  kind: 'webhook',
  settings: webhookSettings,
  secrets: ({ url, key, headers }) => [
    url.secret,
    key.secret,
    ...Object.values(headers).map(({ secret }) => secret),
  ],
  follows: ['acknowledged', 'assigned', 'severity-changed', 'commented'],
  rate: 600,
  render: (event) => ({ id: event.id, type: event.type, body: JSON.stringify(event) }),
  send: async (message, { url, key, headers }, context) =>
    postSigned(url, key, message, context, await ownHeaders(headers, context)),
};

/** Posts an event to the URL that a secret holds, signed with the key that another one holds. */
export async function postSigned(
  url: SecretReference,
  key: SecretReference,
  { id, type, body }: WebhookMessage,
  context: SendContext,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const signingKey = await context.readSecret(key.secret);
  const seconds = Math.floor(context.now() / 1_000);
  return postToSecret(
    url.secret,
    {
      body,
      headers: {
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'tocsin-event': encodeURIComponent(id),
        'tocsin-event-type': type,
        'tocsin-signature': `t=${seconds},v1=${signatureOf(signingKey.trim(), seconds, body)}`,
      },
    },
    context,
  );
}

/**
 * Hexadecimal HMAC-SHA256 of `<seconds>.<body>`: an old request cannot be sent again as a new one.
 * @param seconds since 1970, as in the header
 */
export const signatureOf = (key: string, seconds: number, body: string): string =>
  createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');

/** Throws `SecretUnusable` for a value that no header can carry. */
async function ownHeaders(headers: WebhookSettings['headers'], { readSecret }: SendContext) {
  const entries = Object.entries(headers).map(async ([name, { secret }]) => {
    const value = (await readSecret(secret)).trim();
    if (/[^\t\x20-\x7e]/.test(value))
      throw new SecretUnusable(secret, 'has characters that no header can carry');
    return [name.toLowerCase(), value] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
