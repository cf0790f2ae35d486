import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Monitor } from '../../shared/config/config.ts';
import { api } from '../../shared/monitors/api.ts';
import { hurryDeadlines } from '../support/deadlines.ts';
import { probeContext } from '../support/http-monitor.ts';
import { kindMonitor } from '../support/kind-monitor.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { closedPort, serveHttp, serveTcp } from '../support/servers.ts';

/** What a shop was asked for. */
interface Asked {
  line: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = (asked: Asked, response: ServerResponse) => void;

const token = 'tok-Zm9vYmFy';

/** A shop with a login, a cart and a logout; `answers` replaces what it says at a path. */
async function shop(answers: Record<string, Answer> = {}) {
  const asked: Asked[] = [];
  const shelf: Record<string, Answer> = {
    '/login': (_, response) => response.end(JSON.stringify({ token, user: 7 })),
    '/cart': ({ headers }, response) => {
      response.statusCode = headers.authorization === `Bearer ${token}` ? 200 : 401;
      response.end(JSON.stringify({ items: ['hat'] }));
    },
    '/logout': (_, response) => response.writeHead(204).end(),
    ...answers,
  };
  const server = await serveHttp((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const seen = { line: `${request.method} ${request.url}`, headers: request.headers, body };
      asked.push(seen);
      const answer = shelf[new URL(request.url!, 'http://shop').pathname];
      if (answer) answer(seen, response);
      else response.writeHead(404).end();
    });
  });
  const url = `http://127.0.0.1:${server.port}`;
  return { ...server, url, asked, lines: () => asked.map(({ line }) => line) };
}

const login = (url: string, others: object = {}) => ({
  name: 'login',
  method: 'POST',
  url: `${url}/login`,
  extract: { token: 'json $.token' },
  ...others,
});
const cart = (url: string, others: object = {}) => ({
  name: 'cart',
  url: `${url}/cart`,
  headers: { authorization: 'Bearer ${token}' },
  expect: ['status == 200', 'json $.items.length > 0'],
  ...others,
});
const logout = (url: string, others: object = {}) => ({
  name: 'logout',
  method: 'POST',
  url: `${url}/logout`,
  headers: { 'x-token': '${token}' },
  ...others,
});

type Others = Partial<Omit<Monitor, 'expect' | 'settings'>> & { expect?: string[] };

const check = (settings: object, others: Others = {}, secrets: Record<string, string> = {}) =>
  checkQuickly(kindMonitor(api, settings, others), probeContext({ secrets }));

describe('an API monitor', () => {
  it('can expect a step to be refused: an answer that is none ends the run', async () => {
    const { url, lines } = await shop();
    const stranger = cart(url, { headers: {}, shouldFail: true, expect: ['status == 401'] });
    const welcome = { name: 'logout', url: `${url}/logout`, shouldFail: true };

    expect(await check({ steps: [stranger] })).toMatchObject({ outcome: 'up' });
    expect(await check({ steps: [welcome, stranger] })).toMatchObject({
      outcome: 'down',
      message: expect.stringContaining('expected status in 400-599, got 204'),
    });
    expect(lines().at(-1)).toBe('GET /logout');
  });

  it('takes its steps in order, each with what an earlier one answered, and cleans up', async () => {
    const { url, asked, lines, allClosed } = await shop();

    const seen = await check({ steps: [login(url), cart(url)], cleanup: [logout(url)] });

    expect(seen).toMatchObject({ outcome: 'up', status: 200, address: '127.0.0.1' });
    expect(seen.steps).toEqual([
      { name: 'login', outcome: 'up', status: 200, responseTime: expect.any(Number) },
      { name: 'cart', outcome: 'up', status: 200, responseTime: expect.any(Number) },
      { name: 'logout', cleanup: true, outcome: 'up', status: 204, responseTime: expect.any(Number) },
    ]);
    const [first, second] = seen.steps!.map(({ responseTime = 0 }) => responseTime);
    expect(seen.responseTime).toBeCloseTo(first! + second!, 5);
    expect(lines()).toEqual(['POST /login', 'GET /cart', 'POST /logout']);
    expect(asked[1]!.headers.authorization).toBe(`Bearer ${token}`);
    await allClosed();
  });

  it('fails with its first failing step, takes none behind it, and cleans up all the same, at both looks', async () => {
    const { url, lines, allClosed } = await shop({
      '/cart': (_, response) => response.writeHead(503).end(`{"items":[],"echo":"${token}"}`),
    });
    const after = { name: 'pay', url: `${url}/pay` };

    const seen = await check({ steps: [login(url), cart(url), after], cleanup: [logout(url)] });

    expect(seen).toMatchObject({
      outcome: 'down',
      reason: 'condition-failed',
      status: 503,
      message: 'step cart: expected status == 200, got 503 (and 1 more condition failed)',
      failures: [
        { line: 'status == 200', seen: '503' },
        { line: 'json $.items.length > 0', seen: '0' },
      ],
      excerpt: '{"items":[],"echo":"***"}',
    });
    expect(seen.steps).toMatchObject([
      { name: 'login', outcome: 'up' },
      { name: 'cart', outcome: 'down', status: 503, failures: [{ seen: '503' }, { seen: '0' }] },
      { name: 'pay', outcome: 'unknown' },
      { name: 'logout', outcome: 'up', cleanup: true },
    ]);
    const look = ['POST /login', 'GET /cart', 'POST /logout'];
    expect(lines()).toEqual([...look, ...look]);
    expect(seen.attempts).toHaveLength(2);
    await allClosed();
  });

  it.each([
    ['json $.nothing', 'nothing at $.nothing'],
    ['json $', 'it is no text, number or boolean'],
    ['header x-nothing', 'no header x-nothing'],
    ['body /id=(\\d+)/', 'nothing matches'],
  ])('fails where a variable is not in the answer: %s', async (from, problem) => {
    const { url, lines } = await shop();

    const seen = await check({
      steps: [login(url, { extract: { token: from } }), cart(url)],
      cleanup: [logout(url)],
    });

    expect(seen).toMatchObject({
      outcome: 'down',
      reason: 'condition-failed',
      message: `step login: expected token from ${from}, ${problem}`,
      failures: [{ line: `token from ${from}`, problem }],
      steps: [
        { name: 'login', outcome: 'down' },
        { name: 'cart', outcome: 'unknown' },
        { name: 'logout', outcome: 'unknown' },
      ],
    });
    expect(lines()).toEqual(['POST /login', 'POST /login']);
  });

  it('takes values out of JSON, headers, the status and the body, and puts them where they fit', async () => {
    const { url, asked } = await shop({
      '/login': (_, response) =>
        response
          .writeHead(201, { location: '/orders/81', 'content-type': 'text/plain' })
          .end('{"id":42,"name":"a\\"b/ç","flag":true} csrf="x&y="'),
      '/make': (_, response) => response.end('{"id":42,"name":"a\\"b/ç?","flag":true}'),
    });
    const values = {
      order: 'header location /orders\\/(\\d+)/',
      code: 'status',
      form: 'body /csrf="([^"]+)"/',
    };
    const json = { id: 'json $.id', name: 'json $.name', flag: 'json $.flag' };

    const seen = await check({
      steps: [
        { name: 'one', url: `${url}/login`, extract: values },
        { name: 'two', url: `${url}/make`, extract: json },
        {
          name: 'three',
          method: 'POST',
          url: `${url}/use/\${name}?n=\${name}&o=\${order}`,
          body: { id: '${id}', text: 'is ${id}', name: '${name}', list: ['${flag}', '${code}'] },
          expect: ['status == 404'],
        },
        {
          name: 'four',
          method: 'POST',
          url: `${url}/form`,
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: 'csrf=${form}&go=1',
          expect: ['status == 404'],
        },
        {
          name: 'five',
          method: 'POST',
          url: `${url}/text`,
          headers: { 'content-type': 'application/json' },
          body: '{"name":"${name}"}',
          expect: ['status == 404'],
        },
      ],
    });

    expect(seen.message).toBeUndefined();
    expect(asked[2]).toMatchObject({
      line: 'POST /use/a%22b%2F%C3%A7%3F?n=a%22b%2F%C3%A7%3F&o=81',
      body: '{"id":42,"text":"is 42","name":"a\\"b/ç?","list":[true,201]}',
    });
    expect(asked[3]!.body).toBe('csrf=x%26y%3D&go=1');
    expect(JSON.parse(asked[4]!.body)).toEqual({ name: 'a"b/ç?' });
  });

  it.each([
    ['..', { url: '/items/${value}/x' }, 'a variable makes another path'],
    ['a\r\nb: c', { headers: { 'x-a': '${value}' } }, 'the header x-a would hold what no header can carry'],
    ['☃', { auth: { bearer: '${value}' } }, 'the bearer token would hold what no header can carry'],
  ])('sends no request that the value %j would bend', async (value, fields: object, problem) => {
    const { url, lines } = await shop({
      '/value': (_, response) => response.end(JSON.stringify({ value })),
    });
    const next = { name: 'next', ...fields, url: `${url}${'url' in fields ? fields.url : '/next'}` };

    const seen = await check({
      steps: [{ name: 'value', url: `${url}/value`, extract: { value: 'json $.value' } }, next],
    });

    expect(seen).toMatchObject({ outcome: 'down', reason: 'condition-failed' });
    expect(seen.message).toContain(`step next: ${problem}`);
    expect(lines()).toEqual(['GET /value', 'GET /value']);
  });

  it('keeps cookies for the steps that follow, and for one run only', async () => {
    const { url, asked } = await shop({
      '/login': (_, response) =>
        response
          .setHeader('set-cookie', ['sid=s-12345678; Path=/; HttpOnly', 'deep=1; Path=/cart/deep'])
          .end(),
      '/cart': ({ headers }, response) => response.writeHead(500).end(`you are ${headers.cookie}`),
    });

    const seen = await check({
      steps: [
        { name: 'login', url: `${url}/login` },
        { name: 'cart', url: `${url}/cart`, headers: { cookie: 'mine=1' } },
      ],
    });

    expect(asked.map(({ headers }) => headers.cookie)).toEqual([
      undefined,
      'mine=1; sid=s-12345678',
      undefined,
      'mine=1; sid=s-12345678',
    ]);
    expect(seen.excerpt).toBe('you are mine=1; sid=***');
  });

  it('shows no value that is sent as a credential, whatever it is called, nor one that is said to be secret', async () => {
    const { url } = await shop({
      '/login': (_, response) => response.end('{"a":"first-value","b":"second-value","c":"third-value"}'),
      '/cart': (_, response) => response.writeHead(500).end('first-value second-value third-value'),
    });
    const extract = { a: 'json $.a', b: 'json $.b', c: 'json $.c' };

    const seen = await check({
      steps: [login(url, { extract }), { name: 'cart', url: `${url}/cart`, auth: { bearer: '${a}' } }],
      secretVariables: ['b'],
    });

    expect(seen.excerpt).toBe('*** *** third-value');
    expect(JSON.stringify(seen)).not.toMatch(/first-value|second-value/);
  });

  it('gives no header with a variable to another origin', async () => {
    const other = await shop();
    const { url } = await shop({
      '/away': (_, response) => response.writeHead(302, { location: `${other.url}/cart` }).end(),
    });
    const headers = { 'x-custom': '${user}', 'x-plain': 'kept' };

    await check({
      steps: [
        login(url, { extract: { user: 'json $.user' } }),
        { name: 'away', url: `${url}/away`, headers, expect: ['status == 401'] },
      ],
    });

    expect(other.asked[0]!.headers).toMatchObject({ 'x-plain': 'kept' });
    expect(other.asked[0]!.headers['x-custom']).toBeUndefined();
  });

  it('has one deadline for all steps, and time kept back for the cleanup', async () => {
    const { url, lines } = await shop();
    const silent = await serveTcp(() => {});
    const hangs = { name: 'hangs', url: `http://127.0.0.1:${silent.port}/` };

    hurryDeadlines(100);

    const seen = await check({ steps: [login(url), hangs], cleanup: [logout(url)] }, { timeout: 20_000 });

    expect(seen).toMatchObject({ outcome: 'down', reason: 'response-timeout', phase: 'firstByte' });
    expect(seen.message).toMatch(/^step hangs: no answer within 1[0-5] s: /);
    expect(lines()).toEqual(['POST /login', 'POST /logout', 'POST /login', 'POST /logout']);
    await silent.allClosed();
  });

  it('gives a step no more than its own timeout', async () => {
    const silent = await serveTcp(() => {});
    const hangs = { name: 'hangs', url: `http://127.0.0.1:${silent.port}/`, timeout: '100ms' };

    const seen = await check({ steps: [hangs] }, { timeout: 30_000 });

    expect(seen.message).toContain('step hangs: no answer within 100 ms');
  });

  it('that only leaves something behind is down as well, and says what', async () => {
    const { url } = await shop({ '/logout': (_, response) => response.writeHead(500).end() });

    const seen = await check({ steps: [login(url)], cleanup: [logout(url), logout(url, { name: 'again' })] });

    expect(seen).toMatchObject({
      outcome: 'down',
      message: 'step logout: expected status in 200-399, got 500',
      steps: [{ outcome: 'up' }, { outcome: 'down' }, { name: 'again', outcome: 'down' }],
    });
  });

  it('says which step found nobody', async () => {
    const { url } = await shop();
    const port = await closedPort();

    const seen = await check({ steps: [login(url), { name: 'pay', url: `http://127.0.0.1:${port}/` }] });

    expect(seen).toMatchObject({
      outcome: 'down',
      reason: 'connection-refused',
      message: `step pay: connection refused by 127.0.0.1:${port}`,
    });
    expect(seen.failures).toBeUndefined();
  });

  it('can be asked how long all steps took', async () => {
    const { url } = await shop();

    expect(await check({ steps: [login(url)] }, { expect: ['responseTime > 0ms'] })).toMatchObject({
      outcome: 'up',
    });
    expect(await check({ steps: [login(url)] }, { expect: ['responseTime > 1h'] })).toMatchObject({
      outcome: 'down',
      reason: 'condition-failed',
      steps: [{ name: 'login', outcome: 'up' }],
    });
  });

  it('is unknown where a secret is missing, and still cleans up', async () => {
    const { url, lines } = await shop();
    const steps = [login(url), cart(url, { headers: { 'x-key': { secret: 'key' } } })];

    const seen = await check({ steps, cleanup: [logout(url)] });

    expect(seen).toMatchObject({ outcome: 'unknown', reason: 'secret-missing' });
    expect(lines()).toEqual(['POST /login', 'POST /logout']);
    expect(api.secrets(api.settings.parse({ steps }))).toEqual(['key']);
  });

  it('goes where the policy lets it go, at every step', async () => {
    const { url, accepted } = await shop();
    const monitor = kindMonitor(api, { steps: [login(url)] });

    const seen = await checkQuickly(monitor, probeContext({ reach: 'public' }));

    expect(seen).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
    expect(accepted()).toBe(0);
    expect(api.hosts(monitor.settings)).toEqual(['127.0.0.1']);
  });
});
