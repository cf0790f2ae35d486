import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../shared/api/app.ts';
import type { Ports } from '../../shared/api/ports.ts';
import type { Config } from '../../shared/config/config.ts';
import { applyEvent, applyToIncident } from '../../shared/incidents/apply.ts';
import { IncidentRefusal } from '../../shared/incidents/errors.ts';
import { slackSignature } from '../../shared/notifications/slackbot/signature.ts';
import { signal } from '../incidents/signals.ts';
import { track } from '../incidents/tracking.ts';
import { fixturePorts, incident, now, config as plainConfig } from './fixtures.ts';
import { host } from './requests.ts';

const signingSecret = 'value of slack-signing-secret';

const bot = (settings: object = {}) => ({
  id: 'ops',
  kind: 'slackbot',
  settings: {
    token: { secret: 'slack-token' },
    channel: 'C012AB3CD',
    signingSecret: { secret: 'slack-signing-secret' },
    ...settings,
  },
});

const config: Config = {
  ...plainConfig,
  channels: [bot()],
  people: [{ id: 'ana', name: 'Ana', contacts: [], slack: 'U0ANA0000' }],
};

const responseUrl = 'https://hooks.slack.com/actions/T000/1/decoy';

interface Click {
  button?: string;
  value?: string;
  user?: object;
  channel?: string;
  url?: string;
}

/** What Slack posts of a click, as far as we read it. */
const payloadOf = ({ button = 'acknowledge', value = incident.id, user, channel, url }: Click) => ({
  type: 'block_actions',
  team: { id: 'T000' },
  user: { id: 'U0BEN0000', name: 'ben', team_id: 'T000', ...user },
  channel: { id: channel ?? 'C012AB3CD' },
  message: { ts: '1795144325.000001', text: 'x'.repeat(20_000) },
  response_url: url ?? responseUrl,
  actions: [{ action_id: button, value, type: 'button' }],
});

const formOf = (payload: unknown) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

const seconds = (at: number) => Math.floor(at / 1_000).toString();

function headersOf(body: string, { at = now, secret = signingSecret } = {}): Record<string, string> {
  return {
    host,
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': seconds(at),
    'x-slack-signature': slackSignature(secret, seconds(at), Buffer.from(body)),
  };
}

/** A system with a bot, what was done in it, and what whoever clicked was told. */
function slackApp(more: Partial<Ports> = {}) {
  const acted: unknown[] = [];
  const told: { channel: string; url: string; body: object }[] = [];
  const ports = fixturePorts({
    config,
    act: async (id, action) => acted.push([id, action]),
    answerSlack: async (channel, url, body) => told.push({ channel, url, body }),
    ...more,
  });
  const app = createApp(ports);
  const post = (body: string, headers: Record<string, string>) =>
    app.request(`https://${host}/slack/interactions`, { method: 'POST', body, headers });
  const click = (of: Click = {}) => {
    const body = formOf(payloadOf(of));
    return post(body, headersOf(body));
  };
  return { app, acted, told, post, click };
}

describe('a click', () => {
  test.each([
    ['acknowledge', { type: 'acknowledge', actor: 'Ana' }],
    ['resolve', { type: 'resolve', actor: 'Ana' }],
    ['assign', { type: 'assign', actor: 'Ana', assignee: 'ana' }],
  ])('on %s does that, in the name of the person that the config knows', async (button, action) => {
    const { acted, told, click } = slackApp();
    const answer = await click({ button, user: { id: 'U0ANA0000', name: 'ana.b' } });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(acted).toEqual([[incident.id, action]]);
    expect(told).toEqual([]);
  });

  test('99 of somebody whom the config does not know counts, in the name that Slack gives', async () => {
    const { acted, click } = slackApp();
    await click({ user: { name: 'ben\u202e\n<!channel>' } });
    expect(acted).toEqual([[incident.id, { type: 'acknowledge', actor: 'ben <!channel>' }]]);
  });

  test.each([
    ['with `buttonsFor: people`, somebody whom the config does not know', {}, { buttonsFor: 'people' }],
    ['a guest of another workspace', { user: { team_id: 'T999' } }, {}],
    ['somebody unknown who wants to have it', { button: 'assign' }, {}],
  ])('96 of %s is refused, and says to them alone what to put into the config', async (_, of, settings) => {
    const { acted, told, click } = slackApp({ config: { ...config, channels: [bot(settings)] } });
    expect((await click(of)).status).toBe(200);
    expect(acted).toEqual([]);
    expect(told).toEqual([
      {
        channel: 'ops',
        url: responseUrl,
        body: {
          response_type: 'ephemeral',
          replace_original: false,
          text: expect.stringMatching(/people of the config.*U0BEN0000\.$/),
        },
      },
    ]);
  });

  test('in a config without people anybody may have an incident, by name', async () => {
    const { acted, click } = slackApp({ config: { ...config, people: [] } });
    await click({ button: 'assign' });
    expect(acted).toEqual([[incident.id, { type: 'assign', actor: 'ben', assignee: 'ben' }]]);
  });

  test('96 in a channel of another workspace that has the same app does nothing', async () => {
    const { acted, told, click } = slackApp();
    await click({ channel: 'C999999999' });
    expect(acted).toEqual([]);
    expect(told).toMatchObject([{ body: { text: expect.stringContaining('no channel C999999999') } }]);
  });

  test('97 on what is over, or gone, tells whoever clicked why nothing was done', async () => {
    for (const [code, words] of [
      ['already-resolved', 'is resolved already'],
      ['not-found', 'there is no incident'],
    ] as const) {
      const refuse = async (id: string) => {
        throw new IncidentRefusal(code, id);
      };
      const { told, click } = slackApp({ act: refuse });
      expect((await click()).status).toBe(200);
      expect(told).toMatchObject([{ body: { text: expect.stringContaining(words) } }]);
    }
  });

  test('97 half an hour after the message cannot be answered any more, and counts nevertheless', async () => {
    const reported: string[] = [];
    const { click } = slackApp({
      act: async (id) => {
        throw new IncidentRefusal('already-resolved', id);
      },
      answerSlack: async () => {
        throw new Error('used_url');
      },
      report: ({ message }) => reported.push(message),
    });
    expect((await click()).status).toBe(200);
    expect(reported).toEqual(['used_url']);
  });

  test('that fails on our side is reported, and told without its reason', async () => {
    const reported: string[] = [];
    const { told, click } = slackApp({
      act: async () => {
        throw new Error('arn:aws:dynamodb refused');
      },
      report: ({ message }) => reported.push(message),
    });
    await click();
    expect(reported).toEqual(['arn:aws:dynamodb refused']);
    expect(JSON.stringify(told)).not.toContain('arn:aws');
    expect(told).toHaveLength(1);
  });

  test.each([
    'http://hooks.slack.com/x',
    'https://hooks.slack.com.evil.example/x',
    'https://hooks.slack.com:8443/x',
    'https://user@hooks.slack.com/x',
    'https://169.254.169.254/latest',
    'no url',
  ])('is answered at Slack’s own address alone, never at %s', async (url) => {
    const { acted, told, click } = slackApp();
    await click({ channel: 'C999999999', url });
    expect([acted, told]).toEqual([[], []]);
  });

  test('96 comes through API Gateway as base64, and is read byte by byte', async () => {
    const { app, acted } = slackApp();
    const body = formOf(payloadOf({ user: { name: 'Бен 🔔' } }));
    const event = {
      version: '2.0',
      rawPath: '/slack/interactions',
      rawQueryString: '',
      headers: headersOf(body),
      requestContext: { domainName: host, http: { method: 'POST', path: '/slack/interactions' } },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    };
    const answer = await handle(app)(event as unknown as LambdaEvent, {} as LambdaContext);
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(acted).toEqual([[incident.id, { type: 'acknowledge', actor: 'Бен 🔔' }]]);
  });

  test.each([
    ['a button of somebody else', payloadOf({ button: 'approve' })],
    ['a button without an incident', { ...payloadOf({}), actions: [{ action_id: 'resolve' }] }],
    ['a dialog', { type: 'view_submission', user: { id: 'U0BEN0000' } }],
    ['no JSON', undefined],
  ])('on %s is taken, and does nothing', async (_, payload) => {
    const { acted, told, post } = slackApp();
    const body = payload === undefined ? 'payload={' : formOf(payload);
    expect((await post(body, headersOf(body))).status).toBe(200);
    expect([acted, told]).toEqual([[], []]);
  });
});

test('97 a double click, the same from Slack once more, and a colleague’s click count once, for whoever was first', async () => {
  const { ports, table } = await track();
  const { incident: opened } = await applyEvent(ports, {
    type: 'alarm',
    signal: signal('website', 'ALARM', 0),
  });
  const { click, told } = slackApp({ act: (id, action) => applyToIncident(ports, id, action) });
  const value = opened!.id;
  await click({ value, user: { id: 'U0ANA0000' } });
  await Promise.all([click({ value, user: { id: 'U0ANA0000' } }), click({ value })]);
  await click({ value, button: 'resolve' });
  await Promise.all([click({ value, button: 'resolve' }), click({ value, button: 'acknowledge' })]);

  const { incident: after, timeline } = (await table.readWhole(value))!;
  expect(after).toMatchObject({ status: 'resolved', acknowledgedBy: 'Ana', resolvedBy: 'ben' });
  expect(timeline.filter(({ actor }) => actor !== 'tocsin').map(({ type, actor }) => [type, actor])).toEqual([
    ['opened', 'cloudwatch'],
    ['acknowledged', 'Ana'],
    ['resolved', 'ben'],
  ]);
  expect(told.map(({ body }) => body)).toEqual(
    Array(2).fill(expect.objectContaining({ text: expect.stringContaining('is resolved already') })),
  );
});

describe('96 what is not signed by Slack, now', () => {
  const body = formOf(payloadOf({}));
  const signed = headersOf(body);
  const without = (name: string) => {
    const { [name]: _, ...rest } = signed;
    return rest;
  };

  test.each([
    ['no signature', without('x-slack-signature')],
    ['no time', without('x-slack-request-timestamp')],
    ['a signature with another secret', headersOf(body, { secret: 'another' })],
    ['the signature of another body', { ...signed, ...headersOf(`${body}&x=1`) }],
    ['a signature of another time', { ...signed, 'x-slack-request-timestamp': seconds(now - 1_000) }],
    ['a time that is none', { ...signed, 'x-slack-request-timestamp': 'now' }],
    ['a short signature', { ...signed, 'x-slack-signature': 'v0=' }],
    ['the signature of 5 min 1 s ago', headersOf(body, { at: now - 301_000 })],
    ['the signature of a time to come', headersOf(body, { at: now + 302_000 })],
  ])('%s: is refused and does nothing', async (_, headers) => {
    const { acted, told, post } = slackApp();
    const answer = await post(body, headers);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: { code: 'unauthorized', message: 'this is not signed by Slack, or too old' } },
    ]);
    expect([acted, told]).toEqual([[], []]);
  });

  test('a clock that is a few minutes off is no forgery', async () => {
    const { acted, post } = slackApp();
    for (const at of [now - 299_000, now + 299_000]) await post(body, headersOf(body, { at }));
    expect(acted).toHaveLength(2);
  });

  test('is no more than a message can be long', async () => {
    const { acted, post } = slackApp();
    const long = `${body}&x=${'x'.repeat(262_144)}`;
    expect((await post(long, headersOf(long))).status).toBe(413);
    expect(acted).toEqual([]);
  });
});

test('a signing secret that is missing is reported, and keeps out the clicks of its own app alone', async () => {
  const reported: string[] = [];
  const other = { ...bot({ channel: 'C0OTHER00', signingSecret: { secret: 'other-secret' } }), id: 'other' };
  const { acted, click } = slackApp({
    config: { ...config, channels: [other, bot()] },
    readSecret: async (name) => {
      if (name === 'other-secret') throw new Error(`secret ${name} is missing`);
      return `value of ${name}`;
    },
    report: ({ message }) => reported.push(message),
  });
  expect((await click()).status).toBe(200);
  expect([acted.length, reported]).toEqual([1, ['secret other-secret is missing']]);
});

test.each([
  ['no bot', []],
  ['a bot without a signing secret', [bot({ signingSecret: undefined })]],
])('with %s there is no such door: it asks for the token like everything else', async (_, channels) => {
  const { acted, post } = slackApp({ config: { ...config, channels } });
  const body = formOf({ ...payloadOf({}), message: {} });
  const answer = await post(body, headersOf(body));
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="tocsin"');
  expect([answer.status, acted]).toEqual([401, []]);
});
