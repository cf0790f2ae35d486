import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { ApiError } from './errors.ts';
import type { Ports } from './ports.ts';
import { readSession, type Signed } from './session.ts';

/**
 * Lets in who has the token: a program by its bearer, a person by the cookie that signing in gave. A browser that asks
 * for a page without either is shown where to sign in; anything else is refused.
 */
export function requireSignIn({
  readAdminToken,
  now,
}: Pick<Ports, 'readAdminToken' | 'now'>): MiddlewareHandler<Signed> {
  return async (c, next) => {
    const token = await readAdminToken();
    const authorization = c.req.header('authorization');
    const session = authorization === undefined ? await readSession(c, token, now()) : undefined;
    if (session) {
      c.set('signedIn', true);
      c.set('person', session.person);
    } else if (!isBearer(authorization, token)) {
      if (authorization === undefined && asksForPage(c)) return c.redirect(signInPath(c), 303);
      c.header('www-authenticate', 'Bearer realm="tocsin"');
      throw new ApiError('unauthorized', 'send the admin token: `Authorization: Bearer <token>`');
    }
    return next();
  };
}

function isBearer(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && isSame(given, token);
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Compares secrets in constant time, by digests of equal length. */
export const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

const asksForPage = ({ req }: Context) =>
  req.method === 'GET' && !req.path.startsWith('/api/') && (req.header('accept') ?? '').includes('text/html');

function signInPath({ req }: Context): string {
  const { pathname, search } = new URL(req.url);
  return `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}

/**
 * Refuses changes asked for by a page of another origin. Browsers name the origin in `Sec-Fetch-Site` and `Origin`;
 * programs send neither and are held by the token alone.
 */
export const refuseCrossOrigin: MiddlewareHandler = async (context, next) => {
  const { method } = context.req;
  const changes = method !== 'GET' && method !== 'HEAD';
  if (changes && !fromHere(context.req.header()))
    throw new ApiError('cross-origin', 'a page of another origin may not change anything here');
  await next();
};

/** No form of ours is sent in parts, and one that is broken is no fault of ours. */
export const refuseMultipart: MiddlewareHandler = async (context, next) => {
  if (/^multipart\//i.test(context.req.header('content-type') ?? ''))
    throw new ApiError(
      'invalid-request',
      'send a form as application/x-www-form-urlencoded, anything else as JSON',
    );
  await next();
};

function fromHere({ origin, host, 'sec-fetch-site': site }: Record<string, string>): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
