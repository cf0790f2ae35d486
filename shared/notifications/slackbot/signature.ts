import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds by which a request may be old, or our clock behind: what is older may be a replay. */
const freshSeconds = 300;

/** What Slack sends with a click. https://docs.slack.dev/authentication/verifying-requests-from-slack */
export interface SlackRequest {
  /** `X-Slack-Request-Timestamp`, epoch seconds. */
  timestamp: string | undefined;
  /** `X-Slack-Signature`, `v0=…`. */
  signature: string | undefined;
  /** The body as it came, byte by byte. */
  body: Uint8Array;
}

/**
 * Whether a request is Slack's, and of now.
 * @param secret the app's signing secret
 * @param now epoch milliseconds
 */
export function isSlacks({ timestamp, signature, body }: SlackRequest, secret: string, now: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp ?? '') || signature === undefined) return false;
  if (Math.abs(now / 1_000 - Number(timestamp)) > freshSeconds) return false;
  const expected = Buffer.from(slackSignature(secret, timestamp!, body));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** What Slack signs a request with. */
export const slackSignature = (secret: string, timestamp: string, body: Uint8Array): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
