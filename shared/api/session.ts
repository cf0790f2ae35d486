import { hkdfSync } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import * as z from 'zod/mini';

/** What the guard finds out about a request. */
export interface Signed {
  Variables: {
    /** The name that a person gave when signing in; absent for programs, and where no name was given. */
    person?: string;
    /** Whether a cookie, not a bearer token, let the request in. */
    signedIn?: boolean;
  };
}

/** How long a person stays signed in, milliseconds. */
export const sessionMs = 7 * 86_400_000;

const cookie = 'tocsin';

/** `__Host-`: only over https, only for this host, set by no neighbour. */
const attributes = { prefix: 'host', secure: true, httpOnly: true, sameSite: 'Lax', path: '/' } as const;

const session = z.object({
  /** Epoch milliseconds. */
  until: z.number(),
  person: z.optional(z.string()),
});

export type Session = z.infer<typeof session>;

/** Derived from the admin token, so that another token ends every session. */
const keyFrom = (adminToken: string) => hkdfSync('sha256', adminToken, '', 'tocsin session', 32);

/** Signs a person in: an HMAC-signed cookie that no script of a page can read. Nothing is stored with us. */
export async function startSession(
  c: Context,
  adminToken: string,
  person: string | undefined,
  now: number,
): Promise<void> {
  const value = JSON.stringify({ until: now + sessionMs, person } satisfies Session);
  await setSignedCookie(c, cookie, value, keyFrom(adminToken), {
    ...attributes,
    maxAge: sessionMs / 1_000,
  });
}

/** The session of a request; undefined where it has none, one signed with another token, or one that is over. */
export async function readSession(c: Context, adminToken: string, now: number): Promise<Session | undefined> {
  const value = await getSignedCookie(c, keyFrom(adminToken), cookie, attributes.prefix);
  if (!value) return undefined;
  const { data } = session.safeParse(JSON.parse(value));
  return data && data.until > now ? data : undefined;
}

export function endSession(c: Context): void {
  deleteCookie(c, cookie, attributes);
}
