import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../shared/api/app.ts';
import type { Ports } from '../../shared/api/ports.ts';
import { sessionMs } from '../../shared/api/session.ts';
import { pathHere } from '../../shared/console/sign-in.tsx';
import { fixturePorts, incident, now, token } from './fixtures.ts';
import { host } from './requests.ts';

const origin = `https://${host}`;

/** A browser: it keeps the cookies it is given, asks for pages, and tells its origin with forms. */
function browser(more: Partial<Ports> = {}) {
  const app = createApp(fixturePorts(more));
  let cookie: string | undefined;
  const request = async (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) => {
    const answer = await app.request(origin + path, {
      ...init,
      headers: { host, accept: 'text/html', ...(cookie && { cookie }), ...headers },
    });
    const given = answer.headers.get('set-cookie');
    if (given) cookie = /max-age=0/i.test(given) ? undefined : given.split(';')[0];
    return answer;
  };
  return {
    get: (path: string, headers?: Record<string, string>) => request(path, {}, headers),
    send: (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
      request(path, { method: 'POST', body: new URLSearchParams(form) }, { origin, ...headers }),
    cookie: () => cookie,
    setCookie(next: string) {
      cookie = next;
    },
  };
}

async function signedIn(more: Partial<Ports> = {}, name = 'Ana') {
  const someone = browser(more);
  await someone.send('/sign-in', { token, name });
  return someone;
}

describe('a person without a cookie', () => {
  it('who follows a link is asked to sign in, and then is where the link led', async () => {
    const someone = browser();
    const first = await someone.get(`/incidents/${incident.id}?tab=evidence`);
    expect(first.status).toBe(303);
    const signIn = first.headers.get('location')!;
    expect(signIn).toBe(`/sign-in?next=${encodeURIComponent(`/incidents/${incident.id}?tab=evidence`)}`);

    const page = await (await someone.get(signIn)).text();
    expect(page).toContain(
      `<input type="hidden" name="next" value="/incidents/${incident.id}?tab=evidence"/>`,
    );
    const answer = await someone.send('/sign-in', { token, next: `/incidents/${incident.id}?tab=evidence` });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `/incidents/${incident.id}?tab=evidence`,
    ]);
    expect((await someone.get(`/incidents/${incident.id}`)).status).toBe(200);
  });

  it.each([
    ['the API', '/api/monitors', { accept: 'text/html' }],
    ['a page, as a program', '/incidents', { accept: '*/*' }],
  ])('who asks for %s is refused as before', async (_, path, headers) => {
    const answer = await browser().get(path, headers);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="tocsin"']);
  });

  it('changes nothing', async () => {
    const acted: string[] = [];
    const someone = browser({ act: async (id) => acted.push(id) });
    expect((await someone.send(`/incidents/${incident.id}/resolve`, {})).status).toBe(401);
    expect(acted).toEqual([]);
  });
});

describe('the form', () => {
  it.each([
    ['another token', { token: 'another' }],
    ['a part of it', { token: token.slice(0, -1) }],
    ['none', {}],
  ])('with %s gives no cookie and says so', async (_, form) => {
    const someone = browser();
    const answer = await someone.send('/sign-in', { ...form, next: '/alarms' });
    expect(answer.status).toBe(401);
    expect(someone.cookie()).toBeUndefined();
    const page = await answer.text();
    expect(page).toContain('That is not the admin token.');
    expect(page).toContain('name="next" value="/alarms"');
    expect(page).not.toContain('another');
  });

  it('takes the token with what copying added to it', async () => {
    const someone = browser();
    expect((await someone.send('/sign-in', { token: ` ${token}\n` })).status).toBe(303);
  });

  it('is refused from a page elsewhere: nobody is signed in by somebody else', async () => {
    const someone = browser();
    const answer = await someone.send('/sign-in', { token }, { origin: 'https://evil.example' });
    expect([answer.status, someone.cookie()]).toEqual([403, undefined]);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/..//evil.example',
    'http://',
  ])('goes to no other site: %j becomes the first page', async (next) => {
    const answer = await browser().send('/sign-in', { token, next });
    expect(answer.headers.get('location')).toBe('/');
  });

  it('goes to no other site, whatever `next` says', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      ':',
      '@',
      '?',
      '#',
      '\t',
      '\n',
      ' ',
      'evil.example',
      'https:',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 8 }), (parts) => {
        const path = pathHere(parts.join(''));
        expect(path.startsWith('/')).toBe(true);
        expect(new URL(path, origin).origin).toBe(origin);
      }),
    );
  });
});

describe('the cookie', () => {
  it('is for this host over https alone, out of reach of scripts, and not sent with forms of others', async () => {
    const answer = await browser().send('/sign-in', { token });
    const [pair, ...attributes] = answer.headers.get('set-cookie')!.split('; ');
    expect(pair).toMatch(/^__Host-tocsin=/);
    expect(pair).not.toContain(token);
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax', 'Secure']);
  });

  it('lets in for seven days', async () => {
    let at = now;
    const someone = await signedIn({ now: () => at });
    at = now + sessionMs - 1;
    expect((await someone.get('/')).status).toBe(200);
    at = now + sessionMs;
    expect((await someone.get('/')).status).toBe(303);
  });

  it('is worth nothing once the token is another', async () => {
    let current = token;
    const someone = await signedIn({ readAdminToken: async () => current });
    expect((await someone.get('/')).status).toBe(200);
    current = 'rotated';
    expect((await someone.get('/')).status).toBe(303);
  });

  it('is worth nothing when a single character of it is another', async () => {
    const someone = await signedIn();
    const original = someone.cookie()!;
    const start = original.indexOf('=') + 1;
    for (let at = start; at < original.length; at += 3) {
      const changed = original[at] === 'A' ? 'B' : 'A';
      someone.setCookie(original.slice(0, at) + changed + original.slice(at + 1));
      expect((await someone.get('/')).status, `character ${at}`).toBe(303);
    }
    someone.setCookie(original);
    expect((await someone.get('/')).status).toBe(200);
  });

  it('does not stand in for a bearer token that is wrong', async () => {
    const someone = await signedIn();
    expect((await someone.get('/api/monitors', { authorization: 'Bearer another' })).status).toBe(401);
    expect((await someone.get('/api/monitors')).status).toBe(200);
  });

  it('does not let a page elsewhere change anything', async () => {
    const someone = await signedIn();
    const answer = await someone.send(
      `/incidents/${incident.id}/resolve`,
      {},
      { origin: 'https://evil.example' },
    );
    expect(answer.status).toBe(403);
  });

  it('is given back by signing out', async () => {
    const someone = await signedIn();
    expect(await (await someone.get('/')).text()).toContain('action="/sign-out"');
    const answer = await someone.send('/sign-out', {});
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in']);
    expect((await someone.get('/')).status).toBe(303);
  });
});

describe('who acts', () => {
  const acting = async (name: string, path: string, form: Record<string, string> = {}) => {
    const actions: unknown[] = [];
    const someone = await signedIn({ act: async (_, action) => actions.push(action) }, name);
    await someone.send(`/incidents/${incident.id}/${path}`, form);
    return actions;
  };

  it.each([
    ['Ana', 'Ana'],
    ['  Ana \n Müller ', 'Ana Müller'],
    ['', 'console'],
    ['x'.repeat(101), `${'x'.repeat(99)}…`],
  ])('in the console is the name given when signing in: %j is %j', async (name, actor) => {
    expect(await acting(name, 'acknowledge')).toEqual([{ type: 'acknowledge', actor }]);
    expect(await acting(name, 'comments', { text: 'hm' })).toEqual([{ type: 'comment', actor, text: 'hm' }]);
  });

  it('through the API with a cookie is that name as well', async () => {
    const actions: unknown[] = [];
    const someone = await signedIn({ act: async (_, action) => actions.push(action) });
    await someone.send(`/api/incidents/${incident.id}/acknowledge`, {});
    expect(actions).toEqual([{ type: 'acknowledge', actor: 'Ana' }]);
  });
});
