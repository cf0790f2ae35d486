import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createTls } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeResponse, encodeRequest } from '../../shared/monitors/grpc/health.ts';
import { grpc } from '../../shared/monitors/grpc.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  issueCertificate,
} from '../support/certificates.ts';
import { checked } from '../support/kind-check.ts';
import { closedPort, serve, serveBytes, serveTcp } from '../support/servers.ts';

let root: Authority;
let credentials: Credentials;
beforeAll(async () => {
  root = await createAuthority('Test Root');
  credentials = await issueCertificate(['127.0.0.1'], { authority: root });
});

interface Answer {
  body?: Buffer;
  headers?: Record<string, string | number>;
  trailers?: Record<string, string | number>;
}

const statusOf = (number: number) => Buffer.from([0, 0, 0, 0, 2, 8, number]);
const serving: Answer = { body: statusOf(1), trailers: { 'grpc-status': 0 } };

/** Answers calls as `answer` says, and keeps what was asked. */
async function serveGrpc(answer: Answer | ((stream: ServerHttp2Stream) => void), secure = false) {
  const server = secure ? createSecureServer(credentials) : createServer();
  const asked: object[] = [];
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {});
    stream.on('data', (body: Buffer) => asked.push({ ...headers, body }));
    stream.on('end', () => {
      if (typeof answer === 'function') return answer(stream);
      const { body, trailers } = answer;
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', ...answer.headers },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => (trailers ? stream.sendTrailers(trailers) : stream.close()));
      stream.end(body);
    });
  });
  return { ...(await serve(server)), asked };
}

const at = (port: number) => ({ target: `127.0.0.1:${port}` });

describe('a gRPC monitor', () => {
  it('is up when the whole server is serving', async () => {
    const server = await serveGrpc(serving);

    const found = await checked(grpc, at(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(server.asked[0]).toMatchObject({
      ':path': '/grpc.health.v1.Health/Check',
      ':authority': `127.0.0.1:${server.port}`,
      'content-type': 'application/grpc',
      'grpc-timeout': expect.stringMatching(/^[1-4]\d{3}m$/),
      te: 'trailers',
      body: Buffer.alloc(5),
    });
  });

  it('asks for a service with metadata, and shows no secret', async () => {
    const server = await serveGrpc({
      ...serving,
      trailers: { 'grpc-status': 16, 'grpc-message': 'no%20decoy-4711' },
    });
    const settings = {
      service: 'shop.v1.Orders',
      metadata: { authorization: { secret: 'token' }, 'x-team': 'web' },
    };

    const found = await checked(
      grpc,
      { ...at(server.port), ...settings },
      { context: { secrets: { token: 'decoy-4711' } } },
    );

    expect(server.asked[0]).toMatchObject({
      authorization: 'decoy-4711',
      'x-team': 'web',
      body: Buffer.concat([Buffer.from([0, 0, 0, 0, 16, 10, 14]), Buffer.from('shop.v1.Orders')]),
    });
    expect(found.failures).toEqual([
      { line: 'grpc.status == SERVING', problem: 'the call ended with UNAUTHENTICATED: no ***' },
    ]);
    expect(found.told).not.toContain('decoy');
  });

  it.each([
    [statusOf(2), 0, 'got "NOT_SERVING"'],
    [Buffer.alloc(5), 0, 'got "UNKNOWN"'],
    [statusOf(3), 0, 'got "SERVICE_UNKNOWN"'],
    [undefined, 5, 'the call ended with NOT_FOUND'],
    [undefined, 12, 'the call ended with UNIMPLEMENTED'],
    [statusOf(9), 0, 'the answer is no HealthCheckResponse'],
    [Buffer.from([1, 0, 0, 0, 0]), 0, 'the answer is compressed'],
    [undefined, 0, 'the answer is not one whole message'],
  ])('with %j and status %i is down: %s', async (body, status, message) => {
    const server = await serveGrpc({ ...(body && { body }), trailers: { 'grpc-status': status } });

    const found = await checked(grpc, at(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason: 'condition-failed' });
    expect(found.message).toContain(message);
  });

  it('may expect another code, also of a call that ends with its headers', async () => {
    const server = await serveGrpc((stream) =>
      stream.respond({ ':status': 200, 'grpc-status': 16 }, { endStream: true }),
    );

    const found = await checked(grpc, at(server.port), { expect: ['grpc.code == UNAUTHENTICATED'] });

    expect(found.outcome).toBe('up');
  });

  it('speaks TLS, and measures the certificate', async () => {
    const server = await serveGrpc(serving, true);
    const secure = { ...at(server.port), secure: true };

    const trusting = await checked(grpc, { ...secure, tls: { ca: root.cert } });
    const refusing = await checked(grpc, secure);
    await server.allClosed();

    expect(trusting).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
    expect(refusing).toMatchObject({ outcome: 'down', reason: 'tls-certificate-untrusted' });
  });

  it.each(['public', 'private'] as const)(
    'connects to no loopback where it reaches %s addresses',
    async (reach) => {
      const server = await serveGrpc(serving);

      const found = await checked(grpc, at(server.port), { context: { reach } });

      expect(found).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
      expect(server.accepted()).toBe(0);
    },
  );
});

describe('a gRPC monitor is down', () => {
  it('when nobody listens', async () => {
    expect(await checked(grpc, at(await closedPort()))).toMatchObject({ reason: 'connection-refused' });
  });

  it.each([
    ['another protocol', 'http/1.1', 'no application protocol'],
    ['none', undefined, 'does not offer HTTP/2'],
  ])('when TLS has %s inside', async (_, protocol, message) => {
    const offered = protocol === undefined ? {} : { ALPNProtocols: [protocol] };
    const server = await serve(createTls({ ...credentials, ...offered }).on('tlsClientError', () => {}));

    const found = await checked(grpc, { ...at(server.port), secure: true, tls: { ca: root.cert } });
    await server.allClosed();

    expect(found.outcome).toBe('down');
    expect(found.message).toContain(message);
  });

  it.each<[string, (stream: ServerHttp2Stream) => void, string]>([
    [
      'another status',
      (stream) => stream.respond({ ':status': 502 }, { endStream: true }),
      'answered with 502',
    ],
    ['no status', (stream) => stream.respond({ ':status': 200 }, { endStream: true }), 'without a status'],
    [
      'too much',
      (stream) => stream.respond({ ':status': 200 }) ?? stream.end('x'.repeat(20_000)),
      'more than 10000 bytes',
    ],
    ['a reset', (stream) => stream.close(2), 'broke HTTP/2'],
  ])('when the call is answered with %s', async (_, answer, message) => {
    const server = await serveGrpc(answer);

    const found = await checked(grpc, at(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason: 'protocol-error' });
    expect(found.message).toContain(message);
  });

  it('when it speaks HTTP/1.1', async () => {
    const server = await serveBytes('HTTP/1.1 400 Bad Request\r\n\r\n');

    const found = await checked(grpc, at(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason: 'protocol-error' });
  });

  it.each([['end'], ['resetAndDestroy']] as const)('when its connection ends: %s', async (leave) => {
    const server = await serveTcp((socket) => void socket.once('data', () => socket[leave]()));

    expect(await checked(grpc, at(server.port))).toMatchObject({
      outcome: 'down',
      reason: 'connection-reset',
    });
  });

  it('at the deadline', async () => {
    const server = await serveGrpc(() => {});

    const found = await checked(grpc, at(server.port), { timeout: 150 });
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'response-timeout', phase: 'firstByte' });
    expect(found.message).toMatch(/waiting for the answer to \/grpc.health.v1.Health\/Check$/);
  });
});

it.each([
  { target: 'api.example.com' },
  { target: 'api.example.com:443', metadata: { 'X-Team': 'web' } },
  { target: 'api.example.com:443', metadata: { connection: 'close' } },
  { target: 'api.example.com:443', metadata: { 'grpc-timeout': '1S' } },
  { target: 'api.example.com:443', metadata: { team: 'a\r\nb: c' } },
])('the settings of a gRPC monitor refuse %j', (settings) => {
  expect(grpc.settings.safeParse(settings).success).toBe(false);
});

describe('messages of the health protocol', () => {
  it('carry names of any length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (name) => {
        const bytes = Buffer.from(name);
        const frame = encodeRequest(name);
        const head =
          bytes.length < 128 ? [10, bytes.length] : [10, (bytes.length & 127) | 128, bytes.length >> 7];
        expect(frame.readUInt32BE(1)).toBe(frame.length - 5);
        expect(frame.subarray(5)).toEqual(Buffer.concat([Buffer.from(head), bytes]));
      }),
    );
  });

  it('are read or refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        try {
          expect(decodeResponse(Buffer.from(bytes))).toMatch(/^[A-Z_]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});
