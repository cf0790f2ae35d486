import type { IncomingMessage } from 'node:http';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { http } from '../../shared/monitors/http.ts';
import { createAuthority, issueCertificate } from '../support/certificates.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { serveBytes, serveHttp, serveHttps, serveTcp } from '../support/servers.ts';

const measureAt = (port: number, settings: object = {}, secrets: Record<string, string> = {}, path = '/') =>
  http.measure(httpMonitor(`http://127.0.0.1:${port}${path}`, { settings }), probeContext({ secrets }));

/** What the server saw of the only request it got. */
async function requestSent(settings: object, secrets: Record<string, string> = {}, path = '/') {
  let seen: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { body: string }) | undefined;
  const server = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen = { method: request.method, url: request.url, headers: request.headers, body };
    response.end();
  });
  const { attempt } = await measureAt(server.port, settings, secrets, path);
  expect(attempt.outcome).toBe('up');
  return { ...seen!, host: `127.0.0.1:${server.port}` };
}

describe('a request', () => {
  it('is a plain GET by default, on a connection of its own', async () => {
    const sent = await requestSent({}, {}, '/health?deep=1#part');

    expect(sent).toMatchObject({ method: 'GET', url: '/health?deep=1', body: '' });
    expect(sent.headers).toEqual({
      accept: '*/*',
      'user-agent': 'Tocsin',
      host: sent.host,
      connection: 'close',
    });
  });

  it('carries method, headers and text', async () => {
    const sent = await requestSent({
      method: 'POST',
      headers: { 'X-Api': 'one', Accept: 'text/plain' },
      body: 'ping',
    });

    expect(sent).toMatchObject({ method: 'POST', body: 'ping' });
    expect(sent.headers).toMatchObject({ 'x-api': 'one', accept: 'text/plain', 'content-length': '4' });
  });

  it('carries a JSON value with its content type', async () => {
    const sent = await requestSent({ method: 'PUT', body: { query: '{ ok }', n: [1, null] } });

    expect(JSON.parse(sent.body)).toEqual({ query: '{ ok }', n: [1, null] });
    expect(sent.headers['content-type']).toBe('application/json');
  });

  it('carries secrets wherever its JSON refers to them', async () => {
    const body = { user: 'me', keys: [{ secret: 'one' }, { key: { secret: 'two' }, n: 1 }], none: null };
    const sent = await requestSent({ method: 'POST', body }, { one: 'a"b', two: 'c' });

    expect(JSON.parse(sent.body)).toEqual({ user: 'me', keys: ['a"b', { key: 'c', n: 1 }], none: null });
    expect(sent.headers['content-length']).toBe(String(sent.body.length));
  });

  it('may be a secret altogether', async () => {
    const sent = await requestSent({ method: 'POST', body: { secret: 'all' } }, { all: 'grant=1' });

    expect(sent.body).toBe('grant=1');
    expect(sent.headers['content-type']).toBeUndefined();
  });

  it('keeps the secrets of its body to itself, even when the target repeats them', async () => {
    const server = await serveHttp(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(400).end(`bad: ${body}`);
    });
    const settings = { method: 'POST', body: { password: { secret: 'one' } } };
    const monitor = httpMonitor(`http://127.0.0.1:${server.port}/`, { settings });

    const observation = await checkQuickly(monitor, probeContext({ secrets: { one: 'hun"ter2' } }));

    expect(observation.excerpt).toBe('bad: {"password":"***"}');
  });

  it.each([
    { auth: { bearer: { secret: 'token' } }, authorization: 'Bearer s3cr3t' },
    {
      auth: { basic: { username: 'me', password: { secret: 'token' } } },
      authorization: 'Basic bWU6czNjcjN0',
    },
  ])('authenticates with $authorization', async ({ auth, authorization }) => {
    const sent = await requestSent({ auth }, { token: 's3cr3t' });

    expect(sent.headers.authorization).toBe(authorization);
  });

  it('takes a header from a secret', async () => {
    const sent = await requestSent({ headers: { 'x-key': { secret: 'token' } } }, { token: 's3cr3t' });

    expect(sent.headers['x-key']).toBe('s3cr3t');
  });

  it.each(['HEAD', 'OPTIONS', 'DELETE'])('may be a %s', async (method) => {
    const sent = await requestSent({ method });

    expect(sent.method).toBe(method);
  });
});

describe('a redirect', () => {
  /** Redirects `/n` to `/n-1` until `/0`. */
  const countdown = () =>
    serveHttp((request, response) => {
      const n = Number(request.url!.slice(1));
      if (n === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${n - 1}` }).end();
    });

  it('is followed up to the limit, each hop on a connection of its own', async () => {
    const server = await countdown();

    const { attempt, look } = await measureAt(server.port, {}, {}, '/5');

    expect(attempt).toMatchObject({ outcome: 'up', status: 200 });
    expect(look!('body', undefined)).toEqual({ value: 'arrived' });
    expect(server.accepted()).toBe(6);
    await server.allClosed();
  });

  it('beyond the limit is a failure that names where it led last', async () => {
    const server = await countdown();

    const { attempt } = await measureAt(server.port, { redirects: 2 }, {}, '/5');

    expect(attempt).toMatchObject({ outcome: 'down', reason: 'too-many-redirects' });
    expect(attempt.message).toBe(`redirected more than 2 times, last to http://127.0.0.1:${server.port}/2`);
  });

  it('in a loop ends at the limit', async () => {
    const server = await serveHttp((_, response) => response.writeHead(301, { location: '/' }).end());

    const { attempt } = await measureAt(server.port);

    expect(attempt.reason).toBe('too-many-redirects');
    expect(server.accepted()).toBe(6);
  });

  it('is itself the answer where none are followed', async () => {
    const server = await countdown();

    const { attempt, look } = await measureAt(server.port, { redirects: 0 }, {}, '/5');

    expect(attempt.status).toBe(302);
    expect(look!('header', 'Location')).toEqual({ value: '/4' });
  });

  it('without a location is the answer', async () => {
    const server = await serveHttp((_, response) => response.writeHead(302).end());

    expect((await measureAt(server.port)).attempt).toMatchObject({ outcome: 'up', status: 302 });
  });

  it.each(['file:///etc/passwd', 'gopher://127.0.0.1/', 'http://[', 'javascript:alert(1)'])(
    'to %s is refused',
    async (location) => {
      const server = await serveHttp((_, response) => response.writeHead(302, { location }).end());

      expect((await measureAt(server.port)).attempt).toMatchObject({
        outcome: 'down',
        reason: 'redirect-invalid',
      });
    },
  );

  it.each([
    { status: 301, method: 'POST', next: 'GET' },
    { status: 302, method: 'POST', next: 'GET' },
    { status: 303, method: 'PUT', next: 'GET' },
    { status: 303, method: 'HEAD', next: 'HEAD' },
    { status: 302, method: 'PUT', next: 'PUT' },
    { status: 307, method: 'POST', next: 'POST' },
    { status: 308, method: 'POST', next: 'POST' },
  ])('$status of a $method asks with $next', async ({ status, method, next }) => {
    const seen: unknown[] = [];
    const server = await serveHttp(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push([request.method, body, request.headers['content-type']]);
      if (request.url === '/') response.writeHead(status, { location: '/next' });
      response.end();
    });

    await measureAt(server.port, { method, body: { a: 1 } });

    const kept = next === method ? ['{"a":1}', 'application/json'] : ['', undefined];
    expect(seen[1]).toEqual([next, ...kept]);
  });

  it('to another origin carries no credentials and no cookies; other headers stay', async () => {
    let headers: IncomingMessage['headers'] = {};
    const other = await serveHttp((request, response) => {
      headers = request.headers;
      response.end();
    });
    const server = await serveHttp((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${other.port}/`, 'set-cookie': 'a=1' }).end(),
    );

    const settings = {
      auth: { bearer: { secret: 'token' } },
      headers: { 'x-key': { secret: 'key' }, cookie: 'mine=1', host: 'inner.example', 'x-plain': 'kept' },
    };
    await measureAt(server.port, settings, { token: 's3cr3t', key: 'k3y' });

    expect(headers['x-plain']).toBe('kept');
    expect(headers.host).toBe(`127.0.0.1:${other.port}`);
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['authorization']));
    expect([headers.authorization, headers['x-key'], headers.cookie]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('from HTTP to HTTPS is followed: its certificate is measured, and every phase of both hops adds up', async () => {
    const authority = await createAuthority('Test Root');
    const secured = await serveHttps(await issueCertificate(['127.0.0.1'], { authority }), (_, response) =>
      response.end('arrived'),
    );
    const server = await serveHttp((_, response) => {
      setTimeout(() => {
        response.writeHead(301, { location: `https://127.0.0.1:${secured.port}/` }).end();
      }, 30);
    });

    const { attempt } = await measureAt(server.port, { tls: { ca: authority.cert } });

    expect(attempt).toMatchObject({ outcome: 'up', status: 200, certificateDaysLeft: 90 });
    const { timings, responseTime } = attempt;
    expect(Object.keys(timings!).toSorted()).toEqual(['connect', 'firstByte', 'tls', 'transfer']);
    expect(timings!.firstByte).toBeGreaterThan(25);
    const sum = Object.values(timings!).reduce((total, ms) => total + ms, 0);
    expect(sum).toBeLessThanOrEqual(responseTime! + 0.2);
  });

  it('of the same origin carries credentials and the cookies set on the way', async () => {
    let headers: IncomingMessage['headers'] = {};
    const server = await serveHttp((request, response) => {
      headers = request.headers;
      if (request.url === '/')
        response.writeHead(302, { location: '/in', 'set-cookie': ['session=abc; Path=/; HttpOnly', 'b=2'] });
      response.end();
    });

    await measureAt(
      server.port,
      { auth: { bearer: { secret: 'token' } }, headers: { cookie: 'mine=1' } },
      { token: 't' },
    );

    expect(headers).toMatchObject({ authorization: 'Bearer t', cookie: 'mine=1; session=abc; b=2' });
  });

  it('to a private address is refused, whatever name it goes by', async () => {
    const { answer, inner } = await redirectInward();

    expect(answer).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
    expect(inner.accepted()).toBe(0);
  });

  /** The first hop is let through by the policy's only exception, so that the second meets the policy itself. */
  async function redirectInward() {
    const inner = await serveTcp(() => {});
    const outer = await serveHttp((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    const context = probeContext();
    let hops = 0;
    const network = {
      resolve: context.network.resolve,
      get reach() {
        return hops++ < 1 ? ('local' as const) : ('public' as const);
      },
    };
    const monitor = httpMonitor(`http://127.0.0.1:${outer.port}/`);
    const { attempt } = await http.measure(monitor, { ...context, network });
    return { answer: attempt, inner };
  }
});

describe('a body', () => {
  it('of 1 GB is read up to the cap, then the connection is closed', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const server = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-length': 1_000_000_000 });
      const more = () => {
        while (!response.destroyed && sent < 1_000_000_000) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    });

    const { attempt, look } = await measureAt(server.port);

    expect(attempt.outcome).toBe('up');
    expect(look!('body', undefined)).toEqual({ value: 'x'.repeat(1_000_000) });
    expect(look!('json', '$')).toEqual({
      problem: 'the body is longer than maxBody, what was read is not JSON',
    });
    await server.allClosed();
    expect(sent).toBeLessThan(20_000_000);
  });

  it.each([
    { encoding: 'gzip', encode: gzipSync },
    { encoding: 'x-gzip', encode: gzipSync },
    { encoding: 'deflate', encode: deflateSync },
    { encoding: 'br', encode: brotliCompressSync },
    { encoding: 'zstd', encode: zstdCompressSync },
    { encoding: 'Identity', encode: (text: string) => text },
  ])('in $encoding is read', async ({ encoding, encode }) => {
    const server = await serveHttp((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(encode('{"status":"healthy"}')),
    );

    const { look } = await measureAt(server.port);

    expect(look!('json', '$.status')).toEqual({ value: { status: 'healthy' } });
  });

  it.each([
    { encoding: 'gzip', bomb: () => gzipSync(Buffer.alloc(50_000_000)) },
    {
      encoding: 'br',
      bomb: () =>
        brotliCompressSync(Buffer.alloc(50_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    },
  ])('that is a bomb in $encoding is cut at the cap', async ({ encoding, bomb }) => {
    const bytes = bomb();
    const server = await serveHttp((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(bytes),
    );

    const { attempt, look } = await measureAt(server.port, { maxBody: 1_000 });

    expect(attempt.outcome).toBe('up');
    expect(look!('body', undefined)).toEqual({ value: '\0'.repeat(1_000) });
  });

  it('that is not in the encoding it claims is a failure', async () => {
    const server = await serveHttp((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain text'),
    );

    const { attempt } = await measureAt(server.port);

    expect(attempt).toMatchObject({ reason: 'protocol-error', message: 'the body is not valid gzip' });
  });

  it('that ends in the middle of its encoding is a failure', async () => {
    const half = gzipSync('a longer text, so that half of it is something').subarray(0, 30);
    const server = await serveHttp((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(half),
    );

    expect((await measureAt(server.port)).attempt.reason).toBe('protocol-error');
  });

  it('in an unknown encoding can be asked for nothing', async () => {
    const server = await serveHttp((_, response) =>
      response.writeHead(200, { 'content-encoding': 'rot13' }).end('uryyb'),
    );

    const { attempt, look } = await measureAt(server.port);

    expect(attempt.status).toBe(200);
    expect(look!('body', undefined)).toEqual({ problem: 'the body is encoded as rot13' });
    expect(look!('json', '$')).toEqual({ problem: 'the body is encoded as rot13' });
  });

  it('shorter than announced is a failure', async () => {
    const server = await serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort');

    expect((await measureAt(server.port)).attempt.reason).toBe('connection-reset');
  });

  it('longer than announced is what was announced', async () => {
    const server = await serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokay, and more');

    const { attempt, look } = await measureAt(server.port);

    expect(attempt.outcome).toBe('up');
    expect(look!('body', undefined)).toEqual({ value: 'ok' });
  });

  it('of HTTP/1.0 ends where the connection does', async () => {
    const server = await serveBytes('HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\nold but well');

    const { attempt, look } = await measureAt(server.port);

    expect(attempt).toMatchObject({ outcome: 'up', status: 200 });
    expect(look!('body', undefined)).toEqual({ value: 'old but well' });
  });

  it('that never came satisfies no condition on what it must not hold', async () => {
    const server = await serveTcp((socket) => socket.end());

    const monitor = httpMonitor(`http://127.0.0.1:${server.port}/`, { expect: ['body not contains error'] });
    const { outcome, reason } = await checkQuickly(monitor, probeContext());

    expect({ outcome, reason }).toEqual({ outcome: 'down', reason: 'connection-reset' });
  });

  it('may be empty', async () => {
    const server = await serveBytes('HTTP/1.1 204 No Content\r\n\r\n');

    const { look } = await measureAt(server.port);

    expect(look!('body', undefined)).toEqual({ value: '' });
    expect(look!('json', '$')).toEqual({ problem: 'the body is not JSON' });
  });

  it('is empty after HEAD, whatever length is announced', async () => {
    const server = await serveHttp((_, response) => response.writeHead(200, { 'content-length': 500 }).end());

    expect((await measureAt(server.port, { method: 'HEAD' })).attempt).toMatchObject({
      outcome: 'up',
      status: 200,
    });
  });

  it.each([
    { name: 'UTF-8 by default', type: 'text/plain', bytes: Buffer.from('grün'), text: 'grün' },
    { name: 'invalid UTF-8', type: 'text/plain', bytes: Buffer.from([0x61, 0xff, 0x62]), text: 'a\ufffdb' },
    {
      name: 'Latin-1',
      type: 'text/plain; charset=ISO-8859-1',
      bytes: Buffer.from('grün', 'latin1'),
      text: 'grün',
    },
    {
      name: 'an unknown charset',
      type: 'text/plain; charset=klingon',
      bytes: Buffer.from('grün'),
      text: 'grün',
    },
    { name: 'a byte order mark', type: 'application/json', bytes: Buffer.from('\ufeff{}'), text: '{}' },
  ])('of $name is text', async ({ type, bytes, text }) => {
    const server = await serveHttp((_, response) =>
      response.writeHead(200, { 'content-type': type }).end(bytes),
    );

    expect((await measureAt(server.port)).look!('body', undefined)).toEqual({ value: text });
  });
});

describe('a look at headers', () => {
  it('joins several of one name, tells an empty from a missing one, and ignores case', async () => {
    const server = await serveHttp((_, response) => {
      response.setHeader('x-empty', '');
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end();
    });

    const { look } = await measureAt(server.port);

    expect(look!('header', 'Set-Cookie')).toEqual({ value: 'a=1, b=2' });
    expect(look!('header', 'x-empty')).toEqual({ value: '' });
    expect(look!('header', 'x-none')).toEqual({ value: undefined });
    expect(look!('header', 'constructor')).toEqual({ value: undefined });
  });
});
