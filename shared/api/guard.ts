import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { ApiError } from './errors.ts';

/** Refuses requests without the bearer token. Compared in constant time, by digests of equal length. */
export function requireToken(readToken: () => Promise<string>): MiddlewareHandler {
  return async (context, next) => {
    const given = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (given === undefined || !equal(given, await readToken())) {
      context.header('www-authenticate', 'Bearer realm="tocsin"');
      throw new ApiError('unauthorized', 'send the admin token: `Authorization: Bearer <token>`');
    }
    await next();
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();
const equal = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

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

function fromHere({ origin, host, 'sec-fetch-site': site }: Record<string, string>): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
