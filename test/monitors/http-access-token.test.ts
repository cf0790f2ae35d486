import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { check } from '../../shared/monitors/check.ts';
import { http } from '../../shared/monitors/http.ts';
import { issueCertificate } from '../support/certificates.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { closedPort, serveHttp, serveHttps } from '../support/servers.ts';

const secrets = { client: 's3cr3t/+' };

interface TokenRequest {
  method: string | undefined;
  headers: IncomingMessage['headers'];
  form: Record<string, string>;
}

/** A server that gives out `token-1`, `token-2`, …, or answers as told. */
async function serveTokens(
  answer = (response: ServerResponse, number: number) =>
    void response.end(
      JSON.stringify({ access_token: `token-${number}`, token_type: 'bearer', expires_in: 3_600 }),
    ),
) {
  const asked: TokenRequest[] = [];
  const { port } = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, headers } = request;
    asked.push({ method, headers, form: Object.fromEntries(new URLSearchParams(body)) });
    answer(response, asked.length);
  });
  return { url: `http://127.0.0.1:${port}/token`, asked };
}

/** A target that lets in who has one of these tokens. */
async function serveApi(isGood: (authorization: string) => boolean = () => true) {
  const seen: string[] = [];
  const { port } = await serveHttp((request, response) => {
    const { authorization = '' } = request.headers;
    seen.push(authorization);
    response.writeHead(isGood(authorization) ? 200 : 401).end();
  });
  return { port, seen };
}

function monitorOf(port: number, tokenUrl: string, changes: object = {}, settings: object = {}) {
  const oauth2 = { tokenUrl, clientId: 'the probe', clientSecret: { secret: 'client' }, ...changes };
  return httpMonitor(`http://127.0.0.1:${port}/`, { settings: { auth: { oauth2 }, ...settings } });
}

const contextAt = (now: () => number = Date.now) => ({ ...probeContext({ secrets }), now });

describe('a token', () => {
  it('is asked for by client credentials and sent to the target', async () => {
    const tokens = await serveTokens();
    const api = await serveApi();

    const observation = await check(monitorOf(api.port, tokens.url, { scope: 'read write' }), contextAt());

    expect(observation).toMatchObject({ outcome: 'up', status: 200 });
    expect(api.seen).toEqual(['Bearer token-1']);
    const [{ method, headers, form } = {} as TokenRequest] = tokens.asked;
    expect(method).toBe('POST');
    expect(form).toEqual({ grant_type: 'client_credentials', scope: 'read write' });
    const credentials = Buffer.from(headers.authorization!.replace('Basic ', ''), 'base64').toString();
    expect(credentials).toBe('the+probe:s3cr3t%2F%2B');
  });

  it('may be asked for with the secret in the body, and more parameters', async () => {
    const tokens = await serveTokens();
    const api = await serveApi();

    const changes = { sendSecretIn: 'body', parameters: { audience: 'https://api.example' } };
    await check(monitorOf(api.port, tokens.url, changes), contextAt());

    expect(tokens.asked[0]!.headers.authorization).toBeUndefined();
    expect(tokens.asked[0]!.form).toEqual({
      grant_type: 'client_credentials',
      audience: 'https://api.example',
      client_id: 'the probe',
      client_secret: 's3cr3t/+',
    });
  });

  it('is read whole, however little of the target is', async () => {
    const tokens = await serveTokens();
    const api = await serveApi();

    const monitor = monitorOf(api.port, tokens.url, {}, { maxBody: 0 });
    expect(await check(monitor, contextAt())).toMatchObject({ outcome: 'up' });
  });

  it.each([
    { minutes: 58, tokens: 1 },
    { minutes: 59, tokens: 2 },
  ])(
    'of an hour is kept until a minute before its end: after $minutes minutes there were $tokens',
    async (after) => {
      const tokens = await serveTokens();
      const api = await serveApi();
      const monitor = monitorOf(api.port, tokens.url);
      const start = Date.now();

      await check(
        monitor,
        contextAt(() => start),
      );
      await check(
        monitor,
        contextAt(() => start + after.minutes * 60_000),
      );

      expect(tokens.asked).toHaveLength(after.tokens);
      expect(api.seen.at(-1)).toBe(`Bearer token-${after.tokens}`);
    },
  );

  it('without an end is not kept', async () => {
    const tokens = await serveTokens((response) => void response.end('{"access_token":"once"}'));
    const api = await serveApi();
    const monitor = monitorOf(api.port, tokens.url);

    await check(monitor, contextAt());
    await check(monitor, contextAt());

    expect(tokens.asked).toHaveLength(2);
  });

  it('is asked for once by all that need the same at a time, and each learns why there is none', async () => {
    const tokens = await serveTokens();
    const broken = await serveTokens((response) => void response.writeHead(503).end());
    const api = await serveApi();

    const monitors = [api.port, api.port, api.port];
    await Promise.all(monitors.map((port) => check(monitorOf(port, tokens.url), contextAt())));
    const failed = await Promise.all(
      monitors.map((port) => http.measure(monitorOf(port, broken.url), contextAt())),
    );

    expect(tokens.asked).toHaveLength(1);
    expect(api.seen).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1']);
    expect(failed.map(({ attempt }) => attempt.reason)).toEqual(Array(3).fill('token-failed'));
    expect(broken.asked).toHaveLength(1);
  });

  it('of a rotated secret is another one', async () => {
    const tokens = await serveTokens();
    const api = await serveApi();
    const monitor = monitorOf(api.port, tokens.url);

    await check(monitor, contextAt());
    await check(monitor, probeContext({ secrets: { client: 'rotated' } }));

    expect(api.seen).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('that was kept and is refused is asked for once more, within the same attempt', async () => {
    const tokens = await serveTokens();
    let revoked = '';
    const api = await serveApi((authorization) => authorization !== revoked);
    const monitor = monitorOf(api.port, tokens.url);

    await check(monitor, contextAt());
    revoked = 'Bearer token-1';
    const observation = await check(monitor, contextAt());

    expect(observation).toMatchObject({ outcome: 'up', status: 200 });
    expect(observation.attempts).toBeUndefined();
    expect(api.seen).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  });

  it('that is refused when it is new is the target’s answer, and the second look has another', async () => {
    const tokens = await serveTokens();
    const api = await serveApi(() => false);

    const observation = await checkQuickly(monitorOf(api.port, tokens.url), contextAt());

    expect(observation).toMatchObject({ outcome: 'down', reason: 'condition-failed', status: 401 });
    expect(api.seen).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('never leaves, even when the target repeats it', async () => {
    const tokens = await serveTokens();
    const { port } = await serveHttp((request, response) =>
      response.writeHead(500).end(`got ${request.headers.authorization}`),
    );

    const observation = await checkQuickly(monitorOf(port, tokens.url), contextAt());

    expect(observation.excerpt).toBe('got Bearer ***');
    expect(JSON.stringify(observation)).not.toMatch(/token-\d|s3cr3t/);
  });
});

it('neither the time of who gives out tokens nor its certificate is taken for the target’s', async () => {
  const { key, cert } = await issueCertificate(['127.0.0.1']);
  const answers = ['{"access_token":"one"}', '{}'];
  const { port } = await serveHttps({ key, cert }, (_, response) => response.end(answers.shift()));
  const api = await serveApi();
  const settings = { tls: { verify: false } };
  const measured = () =>
    http.measure(monitorOf(api.port, `https://127.0.0.1:${port}/`, {}, settings), contextAt());

  const attempts = [(await measured()).attempt, (await measured()).attempt];

  expect(attempts.map(({ outcome }) => outcome)).toEqual(['up', 'down']);
  expect(Object.keys(attempts[0]!.timings!)).toEqual(['connect', 'firstByte', 'transfer']);
  expect(Object.keys(attempts[1]!.timings!)).toContain('tls');
  expect(attempts.map(({ certificateDaysLeft }) => certificateDaysLeft)).toEqual([undefined, undefined]);
});

describe('without a token a check is down, for a reason of its own', () => {
  it.each([
    {
      name: 'refuses',
      answer: (response: ServerResponse) =>
        void response.writeHead(401).end('{"error":"invalid_client","error_description":"s3cr3t/+"}'),
      why: 'it answered 401 invalid_client',
    },
    {
      name: 'fails without a word',
      answer: (response: ServerResponse) => void response.writeHead(503).end('<html>'),
      why: 'it answered 503',
    },
    {
      name: 'redirects: credentials stay',
      answer: (response: ServerResponse) =>
        void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
      why: 'it answered 307',
    },
    {
      name: 'answers something else',
      answer: (response: ServerResponse) => void response.end('{"id_token":"x"}'),
      why: 'its answer has no access_token',
    },
    {
      name: 'gives what no header can carry',
      answer: (response: ServerResponse) => void response.end('{"access_token":"a\\r\\nx: y"}'),
      why: 'its answer has no access_token',
    },
    {
      name: 'gives a token of another type',
      answer: (response: ServerResponse) => void response.end('{"access_token":"x","token_type":"mac"}'),
      why: 'its token is of the type mac, not Bearer',
    },
  ])('where the server $name', async ({ answer, why }) => {
    const tokens = await serveTokens(answer);
    const api = await serveApi();

    const observation = await checkQuickly(monitorOf(api.port, tokens.url), contextAt());

    expect(observation).toMatchObject({
      outcome: 'down',
      reason: 'token-failed',
      message: `no access token from ${tokens.url}: ${why}`,
    });
    expect(tokens.asked).toHaveLength(2);
    expect(api.seen).toEqual([]);
  });

  it('where nobody listens', async () => {
    const api = await serveApi();
    const port = await closedPort();

    const observation = await checkQuickly(monitorOf(api.port, `http://127.0.0.1:${port}/`), contextAt());

    expect(observation).toMatchObject({ outcome: 'down', reason: 'token-failed', phase: 'connect' });
    expect(observation.message).toMatch(/: connection refused by 127\.0\.0\.1/);
  });

  it('where the server is silent: its time is that of the whole attempt', async () => {
    const tokens = await serveTokens(() => {});
    const api = await serveApi();
    const monitor = { ...monitorOf(api.port, tokens.url), timeout: 150 };

    const observation = await checkQuickly(monitor, contextAt());

    expect(observation).toMatchObject({ outcome: 'down', reason: 'response-timeout' });
    expect(observation.message).toMatch(/waiting for an access token$/);
  });

  it('where its address is forbidden', async () => {
    const tokens = await serveTokens();
    const monitor = httpMonitor('http://127.0.0.1:9/', {
      settings: {
        auth: { oauth2: { tokenUrl: tokens.url, clientId: 'a', clientSecret: { secret: 'client' } } },
      },
    });

    const observation = await checkQuickly(monitor, probeContext({ secrets, reach: 'public' }));

    expect(observation).toMatchObject({ reason: 'token-failed' });
    expect(observation.message).toMatch(/is not a public address$/);
    expect(tokens.asked).toEqual([]);
  });
});

it('a client secret that is missing makes the check unknown', async () => {
  const tokens = await serveTokens();
  const api = await serveApi();

  expect(await check(monitorOf(api.port, tokens.url), probeContext())).toMatchObject({
    outcome: 'unknown',
    reason: 'secret-missing',
  });
  expect(tokens.asked).toEqual([]);
});
