import { AttemptFailed } from '../failure.ts';
import { cookieJar } from './cookies.ts';
import type { Answer } from './exchange.ts';
import type { HttpRequest } from './request.ts';
import type { OAuth2Settings } from './settings.ts';

/** Milliseconds before its end from which a token is not used any more. */
const marginMs = 60_000;

/** Tokens of this process, by everything they were asked for with. */
const known = new Map<string, { token: string; until: number }>();

/** Requests that have no answer yet: monitors of one client start together, and each token may be paid for. */
const underWay = new Map<string, Promise<string>>();

export interface AccessToken {
  token: string;
  /** Whether it was asked for earlier, and may have been withdrawn since. */
  isKnown: boolean;
}

/**
 * A token by the client credentials grant (RFC 6749, section 4.4). It is kept until a minute before its end, or not at all where the
 * answer does not say when that is. Throws `AttemptFailed`.
 * @param ask sends a request and follows no redirect
 * @param now epoch milliseconds
 * @param anew whether a token that is known will not do
 */
export async function accessToken(
  settings: OAuth2Settings,
  clientSecret: string,
  ask: (request: HttpRequest) => Promise<Answer>,
  now: () => number,
  anew: boolean,
): Promise<AccessToken> {
  const name = JSON.stringify([settings, clientSecret]);
  const kept = known.get(name);
  if (kept && !anew && kept.until > now()) return { token: kept.token, isKnown: true };
  known.delete(name);
  const asking =
    underWay.get(name) ??
    newToken(settings, clientSecret, ask, (token, seconds) =>
      known.set(name, { token, until: now() + seconds * 1_000 - marginMs }),
    ).finally(() => underWay.delete(name));
  underWay.set(name, asking);
  return { token: await asking, isKnown: false };
}

async function newToken(
  settings: OAuth2Settings,
  clientSecret: string,
  ask: (request: HttpRequest) => Promise<Answer>,
  keep: (token: string, seconds: number) => void,
): Promise<string> {
  const { token, seconds } = tokenIn(await asked(settings, clientSecret, ask), settings.tokenUrl);
  if (seconds > 0) keep(token, seconds);
  return token;
}

async function asked(
  settings: OAuth2Settings,
  clientSecret: string,
  ask: (request: HttpRequest) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(tokenRequest(settings, clientSecret));
  } catch (error) {
    throw error instanceof AttemptFailed ? failed(settings.tokenUrl, error.message) : error;
  }
}

const failed = (tokenUrl: string, why: string) =>
  new AttemptFailed('token-failed', `no access token from ${tokenUrl}: ${why}`);

function tokenRequest(settings: OAuth2Settings, clientSecret: string): HttpRequest {
  const { tokenUrl, clientId, scope, parameters, sendSecretIn } = settings;
  const isInHeader = sendSecretIn === 'header';
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...parameters,
    ...(!isInHeader && { client_id: clientId, client_secret: clientSecret }),
  }).toString();
  // Both are form-encoded before they are joined: RFC 6749, section 2.3.1.
  const pair = [clientId, clientSecret].map(inForm).join(':');
  return {
    url: new URL(tokenUrl),
    method: 'POST',
    headers: {
      accept: 'application/json',
      'user-agent': 'Tocsin',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      ...(isInHeader && { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }),
    },
    sensitive: new Set(['authorization']),
    identity: {},
    cookies: cookieJar(() => 0),
    body,
  };
}

const inForm = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);

function tokenIn({ status, body }: Answer, tokenUrl: string): { token: string; seconds: number } {
  const answer = objectIn(body.toString('utf8'));
  if (status !== 200) throw failed(tokenUrl, ['it answered', status, answer.error].filter(isPlain).join(' '));
  const { access_token: token, token_type: type = 'Bearer', expires_in: seconds } = answer;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw failed(tokenUrl, 'its answer has no access_token');
  if (String(type).toLowerCase() !== 'bearer')
    throw failed(tokenUrl, `its token is of the type ${String(type)}, not Bearer`);
  return { token, seconds: Number(seconds) || 0 };
}

const isPlain = (value: unknown) => typeof value === 'string' || typeof value === 'number';

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
