import { Hono } from 'hono';
import { isSame } from '../api/guard.ts';
import type { Ports } from '../api/ports.ts';
import { endSession, startSession } from '../api/session.ts';
import { cut, oneLine } from '../notifications/text.ts';
import { Layout, type Surroundings } from './layout.tsx';

/** Characters of a person's name. */
const maxNameLength = 100;

/** Where people trade the admin token for a cookie, and give it back. */
export function signInRoutes(ports: Ports): Hono {
  const pages = new Hono();
  const surroundings = (): Surroundings => ({ system: ports.config.name, now: ports.now(), local: false });

  pages.get('/sign-in', (c) =>
    c.html(<SignInPage next={pathHere(c.req.query('next'))} surroundings={surroundings()} />),
  );

  pages.post('/sign-in', async (c) => {
    const form = await c.req.parseBody();
    const next = pathHere(textOf(form.next));
    const token = await ports.readAdminToken();
    if (!isSame(textOf(form.token).trim(), token))
      return c.html(<SignInPage next={next} refused surroundings={surroundings()} />, 401);
    const person = cut(oneLine(textOf(form.name)), maxNameLength);
    await startSession(c, token, person || undefined, ports.now());
    return c.redirect(next, 303);
  });

  pages.post('/sign-out', (c) => {
    endSession(c);
    return c.redirect('/sign-in', 303);
  });

  return pages;
}

const textOf = (field: unknown) => (typeof field === 'string' ? field : '');

const nowhere = 'https://console.invalid';

/** A path of ours, whatever the text: read as browsers read it, to which `//host`, `/\host` and tabs mean another host. */
export function pathHere(text: string | undefined): string {
  if (text === undefined || !URL.canParse(text, nowhere)) return '/';
  const { origin, pathname, search, hash } = new URL(text, nowhere);
  return origin === nowhere && !pathname.startsWith('//') ? pathname + search + hash : '/';
}

interface SignInPageProps {
  /** Where to go afterwards. */
  next: string;
  refused?: boolean;
  surroundings: Surroundings;
}

const SignInPage = ({ next, refused = false, surroundings }: SignInPageProps) => (
  <Layout title="Sign in" section="" surroundings={surroundings}>
    <h1>Sign in</h1>
    <p class="soft">
      <code>npm run tocsin -- login</code> shows the admin token to whoever may read it in your AWS account.
    </p>
    {refused && (
      <p class="refused" role="alert">
        That is not the admin token.
      </p>
    )}
    <form method="post" action="/sign-in" class="sign-in panel">
      <input type="hidden" name="next" value={next} />
      <label for="token">Admin token</label>
      <input id="token" name="token" type="password" required autocomplete="current-password" />
      <label for="name">Your name</label>
      <input id="name" name="name" maxlength={maxNameLength} autocomplete="name" aria-describedby="why" />
      <small id="why">Optional. Stands in the timeline where you acknowledge, comment or resolve.</small>
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  </Layout>
);
