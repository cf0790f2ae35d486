import { createServer as createHttp, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { websocket } from '../../shared/monitors/websocket.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  issueCertificate,
} from '../support/certificates.ts';
import { checked } from '../support/kind-check.ts';
import { closedPort, serve, serveBytes, serveHttp, serveTcp } from '../support/servers.ts';

let root: Authority;
let credentials: Credentials;
beforeAll(async () => {
  root = await createAuthority('Test Root');
  credentials = await issueCertificate(['127.0.0.1'], { authority: root });
});

/** A server of WebSockets, and how each was asked for and left. */
async function serveWebSockets(
  onOpen: (socket: WebSocket) => void = () => {},
  { subprotocol, secure = false }: { subprotocol?: string; secure?: boolean } = {},
) {
  const server = secure ? createHttps(credentials) : createHttp();
  const handleProtocols = (offered: Set<string>) =>
    subprotocol !== undefined && offered.has(subprotocol) ? subprotocol : false;
  const websockets = new WebSocketServer({ server, handleProtocols });
  const asked: IncomingHttpHeaders[] = [];
  const left: number[] = [];
  websockets.on('connection', (socket, { headers }) => {
    asked.push(headers);
    socket.on('close', (code) => left.push(code));
    onOpen(socket);
  });
  return { ...(await serve(server)), asked, left };
}

const url = (port: number) => ({ url: `ws://127.0.0.1:${port}/feed` });
const decoy = 'Bearer decoy-4711';

describe('a WebSocket monitor', () => {
  it('is up when the handshake is done, and says goodbye', async () => {
    const server = await serveWebSockets();

    const found = await checked(websocket, url(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'up', address: '127.0.0.1' });
    expect(server.left).toEqual([1000]);
    expect(server.asked[0]).toMatchObject({ 'user-agent': 'Tocsin', host: `127.0.0.1:${server.port}` });
    expect(server.asked[0]).not.toHaveProperty('sec-websocket-extensions');
  });

  it('talks: passes over what it is not asked for, and judges the message it waited for', async () => {
    const server = await serveWebSockets((socket) => {
      socket.send('{"type":"welcome"}');
      socket.on('message', (data) => {
        socket.send('{"type":"noise"}');
        socket.send(JSON.stringify({ type: 'pong', of: String(data), lag: 7 }));
      });
    });
    const dialogue = [{ expect: /welcome/ }, { send: 'ping' }, { expect: /pong/ }];

    const found = await checked(
      websocket,
      { ...url(server.port), dialogue },
      {
        expect: ['json $.type == "pong"', 'json $.of == "ping"', 'json $.lag < 10', 'message contains pong'],
      },
    );
    await server.allClosed();

    expect(found.failures).toBeUndefined();
    expect(found.outcome).toBe('up');
  });

  it.each([
    ['message == "hello"', 'up'],
    ['message contains bye', 'down'],
    ['json $.a == 1', 'down'],
  ])('waits for the first message where a condition asks for it: with %s is %s', async (line, outcome) => {
    const server = await serveWebSockets((socket) => socket.send('hello'));

    const found = await checked(websocket, url(server.port), { expect: [line] });
    await server.allClosed();

    expect(found.outcome).toBe(outcome);
    if (outcome === 'down') expect(found.excerpt).toBe('hello');
  });

  it('sends headers and offers protocols, and shows no secret', async () => {
    const server = await serveWebSockets(() => {}, { subprotocol: 'mqtt' });
    const settings = { headers: { authorization: { secret: 'live' } }, subprotocols: ['other', 'mqtt'] };

    const found = await checked(
      websocket,
      { ...url(server.port), ...settings },
      { context: { secrets: { live: decoy } } },
    );

    expect(found.outcome).toBe('up');
    expect(server.asked[0]).toMatchObject({ authorization: decoy, 'sec-websocket-protocol': 'other,mqtt' });
    expect(found.told).not.toContain('decoy');
  });

  it('speaks TLS, and measures the certificate', async () => {
    const server = await serveWebSockets(() => {}, { secure: true });
    const secure = { url: `wss://127.0.0.1:${server.port}/` };

    const trusting = await checked(websocket, { ...secure, tls: { ca: root.cert } });
    const refusing = await checked(websocket, secure);
    await server.allClosed();

    expect(trusting).toMatchObject({ outcome: 'up', certificateDaysLeft: 90 });
    expect(refusing).toMatchObject({ outcome: 'down', reason: 'tls-certificate-untrusted' });
  });

  it.each(['public', 'private'] as const)(
    'connects to no loopback where it reaches %s addresses',
    async (reach) => {
      const server = await serveWebSockets();

      const found = await checked(websocket, url(server.port), { context: { reach } });

      expect(found).toMatchObject({ outcome: 'down', reason: 'target-forbidden' });
      expect(server.accepted()).toBe(0);
    },
  );

  it.each([
    ['ws://live.example.com/', 'live.example.com', []],
    ['wss://[2001:db8::1]:8443/', '2001:db8::1', ['certificate > 14d']],
  ])('at %s connects to %s and expects %j', (address, host, lines) => {
    const settings = websocket.settings.parse({ url: address });

    expect(websocket.hosts(settings)).toEqual([host]);
    expect(websocket.defaultExpect(settings)).toEqual(lines);
  });
});

describe('a WebSocket monitor is down', () => {
  it('when nobody listens', async () => {
    expect(await checked(websocket, url(await closedPort()))).toMatchObject({ reason: 'connection-refused' });
  });

  it.each([
    [200, 'protocol-error'],
    [302, 'protocol-error'],
    [401, 'authentication-failed'],
    [403, 'authentication-failed'],
    [503, 'protocol-error'],
  ])('when the handshake is answered with %i', async (status, reason) => {
    const server = await serveHttp((_, response) => response.writeHead(status, { location: '/other' }).end());

    const found = await checked(websocket, url(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason, phase: 'firstByte' });
    expect(found.message).toMatch(new RegExp(`answered the handshake with ${status} `));
  });

  it.each([
    [
      'a wrong key',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
    ],
    ['what is no HTTP', '-ERR unknown command\r\n'],
  ])('when it answers with %s', async (_, bytes) => {
    const server = await serveBytes(bytes);

    const found = await checked(websocket, url(server.port));
    await server.allClosed();

    expect(found).toMatchObject({ outcome: 'down', reason: 'protocol-error' });
  });

  it('when it takes none of the protocols', async () => {
    const server = await serveWebSockets();

    const found = await checked(websocket, { ...url(server.port), subprotocols: ['mqtt'] });
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'protocol-error' });
    expect(found.message).toContain('Server sent no subprotocol');
  });

  it('when it hangs up, with what it says then', async () => {
    const server = await serveWebSockets((socket) => socket.close(1008, 'not you'));

    const found = await checked(websocket, { ...url(server.port), dialogue: [{ expect: /hello/ }] });
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'connection-reset' });
    expect(found.message).toMatch(
      /closed the WebSocket with 1008 not you while waiting for a message that matches/,
    );
  });

  it.each([['end'], ['resetAndDestroy']] as const)(
    'when its connection ends in the handshake: %s',
    async (leave) => {
      const server = await serveTcp((socket) => void socket.once('data', () => socket[leave]()));

      expect(await checked(websocket, url(server.port))).toMatchObject({ reason: 'connection-reset' });
    },
  );

  it('at once with a message it is told not to take', async () => {
    const server = await serveWebSockets((socket) => socket.send('error: overloaded'));

    const found = await checked(websocket, {
      ...url(server.port),
      dialogue: [{ expect: /hello/, unless: /^error/ }],
    });

    expect(found.message).toMatch(/said «error: overloaded», expected \/hello\/$/);
  });

  it('when a message is too long', async () => {
    const server = await serveWebSockets((socket) => socket.send('x'.repeat(1_000_001)));

    const found = await checked(websocket, { ...url(server.port), dialogue: [{ expect: /y/ }] });
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'protocol-error' });
    expect(found.message).toContain('Max payload size exceeded');
  });

  it.each([
    ['the handshake', () => serveTcp(() => {}), 'the answer to the handshake'],
    ['a message', () => serveWebSockets((socket) => socket.send('noise')), 'a message that matches /hello/'],
  ])('at the deadline, waiting for %s', async (_, start, wanted) => {
    const server = await start();

    const settings = { ...url(server.port), dialogue: [{ expect: /hello/ }] };
    const found = await checked(websocket, settings, { timeout: 150 });
    await server.allClosed();

    expect(found).toMatchObject({ reason: 'response-timeout' });
    expect(found.message).toContain(`waiting for ${wanted}`);
  });
});

it.each([
  { url: 'https://live.example.com' },
  { url: 'wss://me:decoy@live.example.com' },
  { url: 'wss://live.example.com', dialogue: [{ expect: 'hello' }] },
  { url: 'wss://live.example.com', dialogue: [{ send: '' }] },
  { url: 'wss://live.example.com', subprotocols: ['two words'] },
  { url: 'wss://live.example.com', secure: true },
])('the settings of a WebSocket monitor refuse %j', (settings) => {
  expect(websocket.settings.safeParse(settings).success).toBe(false);
});
