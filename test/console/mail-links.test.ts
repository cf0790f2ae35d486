import { describe, expect, test } from 'vitest';
import { createApp } from '../../shared/api/app.ts';
import type { Ports } from '../../shared/api/ports.ts';
import { IncidentRefusal } from '../../shared/incidents/errors.ts';
import type { Incident } from '../../shared/incidents/incident.ts';
import { linkMs, type MailLink, mailToken } from '../../shared/notifications/email/link.ts';
import { fixturePorts, incident, now, config as plainConfig, record } from '../api/fixtures.ts';
import { host } from '../api/requests.ts';

const mail = {
  id: 'oncall',
  kind: 'email',
  settings: { from: 'tocsin@example.com', to: ['ana@example.com'] },
};
const config = { ...plainConfig, channels: [mail] };

const link: MailLink = {
  incident: incident.id,
  action: 'acknowledge',
  reopened: 0,
  to: 'ana@example.com',
  until: now + linkMs,
};

const tokenOf = (more: Partial<MailLink> = {}, key = 'value of mail-key') =>
  mailToken(key, { ...link, ...more });

/** Somebody with a mail, who is not signed in. */
function reader(state: Partial<Incident> = {}, more: Partial<Ports> = {}) {
  const acted: unknown[] = [];
  const app = createApp(
    fixturePorts({
      config,
      act: async (id, action) => acted.push([id, action]),
      readIncident: async (id) =>
        id === incident.id ? { ...record, incident: { ...incident, ...state } } : undefined,
      ...more,
    }),
  );
  const open = (token: string) =>
    app.request(`https://${host}/mail?token=${encodeURIComponent(token)}`, {
      headers: { host, accept: 'text/html' },
    });
  const press = (fields: Record<string, string>) =>
    app.request(`https://${host}/mail`, {
      method: 'POST',
      headers: { host, origin: `https://${host}` },
      body: new URLSearchParams(fields),
    });
  return { acted, open, press };
}

describe('a link of a mail', () => {
  test.each([
    ['acknowledge', 'Acknowledge'],
    ['resolve', 'Resolve'],
  ] as const)(
    '98 to %s shows a button, and does nothing however often it is opened',
    async (action, words) => {
      const { acted, open } = reader();
      for (const _ of [1, 2]) {
        const answer = await open(tokenOf({ action }));
        const page = await answer.text();
        expect(answer.status).toBe(200);
        expect(page).toContain('website is down');
        expect(page).toMatch(new RegExp(`<form method="post" action="/mail".*>${words}</button>`));
      }
      expect(acted).toEqual([]);
    },
  );

  test.each([
    ['acknowledge', '', 'ana@example.com (mail)'],
    ['resolve', '', 'ana@example.com (mail)'],
    ['acknowledge', ' Ana\u202e ', 'Ana (mail to ana@example.com)'],
  ] as const)('whose button to %s is pressed by “%s” does that, as %s', async (action, name, actor) => {
    const { acted, press } = reader();
    const token = tokenOf({ action });
    const answer = await press({ token, name });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `/mail?token=${encodeURIComponent(token)}`,
    ]);
    expect(acted).toEqual([[incident.id, { type: action, actor }]]);
  });

  test.each([
    [
      'acknowledge',
      { status: 'acknowledged', acknowledgedBy: 'Ben', acknowledgedAt: now - 60_000 },
      'Acknowledged 1 min ago: Ben.',
    ],
    [
      'acknowledge',
      { status: 'resolved', resolvedBy: 'recovered', resolvedAt: now - 60_000 },
      'Recovered 1 min ago. There is nothing left to do.',
    ],
    [
      'resolve',
      { status: 'resolved', resolvedBy: 'Ben', resolvedAt: now - 60_000 },
      'Resolved 1 min ago: Ben.',
    ],
  ] as const)(
    '98 to %s that is used again, or late, says who did it and does nothing',
    async (action, state, words) => {
      const { acted, open, press } = reader(state);
      const token = tokenOf({ action });
      const page = await (await open(token)).text();
      expect(page).toContain(words);
      expect(page).not.toContain('<form method="post" action="/mail"');
      expect((await press({ token })).status).toBe(303);
      expect(acted).toEqual([]);
    },
  );

  const other = Buffer.from(JSON.stringify({ ...link, incident: 'another' })).toString('base64url');

  test.each([
    ['made with another key', tokenOf({}, 'another'), {}, 'This link is not whole.'],
    ['of another incident’s content', `${other}.${tokenOf().split('.')[1]}`, {}, 'This link is not whole.'],
    ['cut off', tokenOf().slice(0, -3), {}, 'This link is not whole.'],
    ['absent', '', {}, 'This link is not whole.'],
    ['of a day ago', tokenOf({ until: now }), {}, 'This link is more than a day old.'],
    [
      'of an incident that is gone',
      tokenOf({ incident: 'gone' }),
      {},
      'The incident of this link is no more.',
    ],
    ['of before it was opened again', tokenOf(), { reopened: 1 }, 'The incident was opened again'],
  ])('98 that is %s is refused in words, and does nothing', async (_, token, state, words) => {
    const { acted, open, press } = reader(state);
    for (const answer of [await open(token), await press({ token })]) {
      expect(answer.status).toBe(410);
      const page = await answer.text();
      expect(page).toContain('Nothing was done');
      expect(page).toContain(words);
    }
    expect(acted).toEqual([]);
  });

  test('34 that loses against a recovery says so', async () => {
    const { press } = reader(
      {},
      {
        act: async (id) => {
          throw new IncidentRefusal('already-resolved', id);
        },
      },
    );
    const answer = await press({ token: tokenOf() });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain(`incident ${incident.id} is resolved already.`);
  });

  test('that fails on our side is reported without its token, and told without the reason', async () => {
    const reported: string[][] = [];
    const { open } = reader(
      {},
      {
        readSecret: async () => {
          throw new Error('ParameterNotFound');
        },
        report: ({ message }, path) => reported.push([message, path]),
      },
    );
    const answer = await open(tokenOf());
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('ParameterNotFound');
    expect(reported).toEqual([['ParameterNotFound', '/mail']]);
  });

  test('shows a title as text, whatever it says', async () => {
    const { open } = reader({ title: '<script>alert(1)</script>' });
    const page = await (await open(tokenOf())).text();
    expect(page).toContain('<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>');
  });
});

test('where no mail has links there is no such door', async () => {
  const { open } = reader({}, { config: plainConfig });
  expect((await open(tokenOf())).headers.get('location')).toMatch(/^\/sign-in/);
});
