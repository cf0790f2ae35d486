import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../shared/api/app.ts';
import { fixturePorts, incident, token } from './fixtures.ts';
import { host, open, send } from './requests.ts';

describe('the token', () => {
  it.each([
    ['none', {}],
    ['another one', { authorization: 'Bearer another' }],
    ['a longer one', { authorization: `Bearer ${token}x` }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${token}` }],
  ])('is asked for: %s is refused, everywhere', async (_, headers) => {
    const { app } = open();
    for (const path of ['/api/monitors', '/api/nothing', '/', '/incidents', '/outbox']) {
      const answer = await app.request(`https://${host}${path}`, { headers });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="tocsin"');
      expect(await answer.json()).toEqual({
        error: { code: 'unauthorized', message: 'send the admin token: `Authorization: Bearer <token>`' },
      });
    }
  });

  it('is asked for before anything is changed', async () => {
    const acted: string[] = [];
    const { app } = open({ act: async (id) => acted.push(id) });
    const answer = await app.request(`https://${host}/api/incidents/x/acknowledge`, { method: 'POST' });
    expect(answer.status).toBe(401);
    expect(acted).toEqual([]);
  });

  it('is not needed to see that we are there', async () => {
    const answer = await open().app.request('/health');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('a change', () => {
  const change = (headers: Record<string, string>) =>
    open().post(`/api/incidents/${incident.id}/acknowledge`, {}, headers);

  it.each([
    ['a program, without either header', {}],
    ['a page of ours', { origin: `https://${host}`, 'sec-fetch-site': 'same-origin' }],
    ['a page of ours in a browser without Sec-Fetch-Site', { origin: `https://${host}` }],
    ['the person at the keyboard', { 'sec-fetch-site': 'none' }],
  ])('may come from %s', async (_, headers) => {
    expect((await change(headers)).status).toBe(200);
  });

  it.each([
    ['a page elsewhere', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a page elsewhere, in a browser without Sec-Fetch-Site', { origin: 'https://evil.example' }],
    ['a page of a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['a page on another port', { origin: `https://${host}:8443` }],
    ['a page without an origin', { origin: 'null' }],
  ])('may not come from %s', async (_, headers) => {
    const answer = await change(headers);
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { error: { code: 'cross-origin', message: 'a page of another origin may not change anything here' } },
    ]);
  });
});

describe('an error of ours', () => {
  it('is reported and not told: neither its words nor the token', async () => {
    const reported: [string, string][] = [];
    const refuse = async () => {
      throw new Error('arn:aws:dynamodb:secret-table refused');
    };
    const { get } = open({
      listIncidents: refuse,
      listOpenIncidents: refuse,
      report: (error, path) => reported.push([error.message, path]),
    });
    for (const path of ['/api/incidents', '/incidents', '/']) {
      const answer = await get(path);
      expect(answer.status).toBe(500);
      const body = await answer.text();
      expect(body).not.toMatch(/arn:|secret-table/);
      expect(body).not.toContain(token);
    }
    expect(reported.map(([, path]) => path)).toEqual(['/api/incidents', '/incidents', '/']);
    expect(reported[0]![0]).toBe('arn:aws:dynamodb:secret-table refused');
  });
});

describe('every answer', () => {
  it.each(['/', '/incidents', '/api/monitors', '/api/nothing'])(
    'of %s is kept nowhere and runs no foreign script',
    async (path) => {
      const { headers } = await open().get(path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    },
  );
});

describe('the console’s own files', () => {
  it('are those that its pages name, kept by browsers for a year', async () => {
    const { app, get } = open();
    const page = await (await get('/')).text();
    const named = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1]!);
    expect(named).toHaveLength(3);
    for (const path of named) {
      const answer = await app.request(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
  });
});

it('answers events of an HTTP API', async () => {
  const handler = handle(createApp(fixturePorts()));
  const event = {
    version: '2.0',
    rawPath: `/incidents/${incident.id}/acknowledge`,
    rawQueryString: '',
    headers: {
      host,
      authorization: `Bearer ${token}`,
      origin: `https://${host}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    requestContext: { domainName: host, http: { method: 'POST' } },
    body: '',
    isBase64Encoded: false,
  };
  const answer = await handler(event as unknown as LambdaEvent, {} as LambdaContext);
  expect(answer).toMatchObject({ statusCode: 303, headers: { location: `/incidents/${incident.id}` } });
  expect((await send(createApp(fixturePorts()), `/incidents/${incident.id}`)).status).toBe(200);
});

it.each([
  ['without its boundary', 'multipart/form-data'],
  ['that is whole', 'multipart/form-data; boundary=x'],
])('a form in parts %s is refused, not a fault of ours', async (_case, type) => {
  const reported: unknown[] = [];
  const { post } = open({ report: (error) => reported.push(error) });
  const path = `/incidents/${incident.id}/comments`;

  const answer = await post(path, '--x\r\ncontent-disposition: form-data; name="text"\r\n\r\nhi\r\n--x--', {
    'content-type': type,
  });

  expect(answer.status).toBe(400);
  expect(reported).toEqual([]);
});
