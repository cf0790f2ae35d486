import { validateHeaderValue } from 'node:http';
import type { ReadSecret } from '../../aws/secrets.ts';
import type { SecretReference } from '../../config/config.ts';
import { isSecretReference } from '../../config/secret.ts';
import { AttemptFailed } from '../failure.ts';
import { type TlsIdentity, tlsIdentity } from '../network/client-certificate.ts';
import type { CookieJar } from './cookies.ts';
import type { Answer } from './exchange.ts';
import type { HttpSettings } from './settings.ts';

export interface HttpRequest {
  url: URL;
  method: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  /** Names of headers that another origin must not see. */
  sensitive: ReadonlySet<string>;
  /** Of the first origin only. */
  identity: TlsIdentity;
  /** Headers that sign a request to the first origin. Default: it is not signed. */
  sign?: ((request: HttpRequest) => Record<string, string>) | undefined;
  /** Cookies set on the way. */
  cookies: CookieJar;
  /** Empty for none. */
  body: string;
}

/** What the requests of one run share. */
export interface Session {
  cookies: CookieJar;
  /** Lower-case names of more headers that another origin must not see. Default none. */
  sensitive?: readonly string[];
}

/**
 * The first request of a check, with the texts in it that must never leave. Throws what `readSecret` throws,
 * and where a secret holds what no header can carry.
 */
export async function prepareRequest(
  settings: HttpSettings,
  readSecret: ReadSecret,
  { cookies, sensitive: named = [] }: Session,
): Promise<{ request: HttpRequest; secrets: string[] }> {
  const secrets: string[] = [];
  const reveal = async (value: string | SecretReference) => {
    if (typeof value === 'string') return value;
    const secret = await readSecret(value.secret);
    secrets.push(secret);
    return secret;
  };
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'Tocsin' };
  const sensitive = new Set(['authorization', 'proxy-authorization', 'cookie', 'host', ...named]);
  const body = settings.body === undefined ? '' : await revealedIn(settings.body, reveal);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (text !== body) headers['content-type'] = 'application/json';
  // Node sends a body without its length where the method has usually none.
  if (text) headers['content-length'] = String(Buffer.byteLength(text));
  const authorization = settings.auth && (await authorizationBy(settings.auth, reveal));
  if (authorization) {
    headers.authorization = authorization;
    secrets.push(authorization.replace(/^\S+ /, ''));
  }
  for (const [name, value] of Object.entries(settings.headers)) {
    headers[name.toLowerCase()] = await reveal(value);
    if (typeof value !== 'string') sensitive.add(name.toLowerCase());
  }
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
  const { key } = settings.tls;
  const request: HttpRequest = {
    url: new URL(settings.url),
    method: settings.method,
    headers,
    sensitive,
    identity: tlsIdentity(settings.tls, key && (await reveal(key))),
    cookies,
    body: text,
  };
  return { request, secrets };
}

type Reveal = (value: string | SecretReference) => Promise<string>;

/** A JSON value with the texts that references in it stand for. */
async function revealedIn(value: unknown, reveal: Reveal): Promise<unknown> {
  if (isSecretReference(value)) return reveal(value);
  if (Array.isArray(value)) return Promise.all(value.map((item) => revealedIn(item, reveal)));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(
    async ([name, member]) => [name, await revealedIn(member, reveal)] as const,
  );
  return Object.fromEntries(await Promise.all(members));
}

/** The header that every request carries; undefined where it takes more than settings to make it. */
async function authorizationBy(
  auth: NonNullable<HttpSettings['auth']>,
  reveal: Reveal,
): Promise<string | undefined> {
  if ('bearer' in auth) return `Bearer ${await reveal(auth.bearer)}`;
  if (!('basic' in auth)) return undefined;
  const { username, password } = auth.basic;
  return `Basic ${Buffer.from(`${username}:${await reveal(password)}`).toString('base64')}`;
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * The request an answer redirects to; undefined where it is no redirect. As browsers do: 303 asks with GET, as do 301 and 302 of
 * a POST; another origin sees no credentials. Throws `AttemptFailed`.
 */
export function redirected(request: HttpRequest, answer: Answer): HttpRequest | undefined {
  const { location } = answer.headers;
  if (!location || !redirectStatuses.has(answer.status)) return undefined;
  const url = URL.canParse(location, request.url.href) ? new URL(location, request.url) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new AttemptFailed('redirect-invalid', `redirected to «${location}», which is no http(s) URL`);
  const sameOrigin = url.origin === request.url.origin;
  const asksAnew =
    (answer.status === 303 && request.method !== 'HEAD') ||
    (answer.status < 303 && request.method === 'POST');
  const headers = Object.entries(request.headers).filter(
    ([name]) => (sameOrigin || !request.sensitive.has(name)) && !(asksAnew && name.startsWith('content-')),
  );
  return {
    ...request,
    url,
    headers: Object.fromEntries(headers),
    ...(!sameOrigin && { identity: {}, sign: undefined }),
    ...(asksAnew && { method: 'GET', body: '' }),
  };
}

/** The headers as they are sent, cookies included. */
export function headersOf({ url, headers, cookies }: HttpRequest): Record<string, string> {
  const sent: Record<string, string> = { host: url.host, ...headers };
  const kept = cookies.headerFor(url);
  if (kept) sent.cookie = [sent.cookie, kept].filter(Boolean).join('; ');
  return sent;
}
