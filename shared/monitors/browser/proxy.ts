import { createServer, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AttemptFailed } from '../failure.ts';
import type { Network } from '../kind.ts';
import { connect } from '../network/connection.ts';
import { hostOf } from '../network/network.ts';
import type { Timings } from '../observation.ts';
import { type Note, startTrace, type Trace } from '../trace.ts';

/** The only way out for a browser: whatever a page asks for, the address that is really connected to is vetted here. */
export interface VettingProxy {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** The first connection to a host that came about. */
  reached(host: string): Reached | undefined;
  /** Why the latest connection to a host failed, by the target's doing (`AttemptFailed`) or ours, or what one is doing that goes on. */
  failure(host: string): Error | Trace | undefined;
  /** Hosts that were asked for and may not be connected to, each once. */
  refused(): string[];
  /** Ends every connection. */
  close(): Promise<void>;
}

export interface Reached {
  address: string;
  timings: Timings;
}

export interface ProxyOptions {
  network: Network;
  /** Milliseconds that one connection may take. */
  timeout: number;
  /** Connected to last: names are resolved anew, and another address goes first. */
  avoid?: string | undefined;
  note?: Note | undefined;
}

/** Hosts that are remembered as refused: a page may invent as many as it likes. */
const mostRefused = 20;

/** Starts a proxy on loopback: HTTP as it is, everything else (HTTPS, WebSockets) through a tunnel. */
export async function startProxy(options: ProxyOptions): Promise<VettingProxy> {
  const open = new Set<Duplex>();
  const reached = new Map<string, Reached>();
  const failures = new Map<string, Error | Trace>();
  const refused = new Set<string>();

  const kept = <Stream extends Duplex>(stream: Stream): Stream => {
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    stream.on('error', () => stream.destroy());
    return stream;
  };

  const dial = async (host: string, port: number): Promise<Socket> => {
    const trace = startTrace(options.timeout, options.note);
    failures.set(host, trace);
    try {
      const destination = { host, port, family: 'any', avoid: options.avoid } as const;
      const socket = kept(await trace.within(connect(destination, options.network, trace)));
      // From now on it is the tunnel's, and no attempt's.
      trace.socket = undefined;
      const { timings } = trace.end();
      failures.delete(host);
      if (!reached.has(host)) reached.set(host, { address: trace.peer!.address, timings });
      return socket;
    } catch (error) {
      trace.end();
      failures.set(host, error as Error);
      if (error instanceof AttemptFailed && error.reason === 'target-forbidden' && refused.size < mostRefused)
        refused.add(host);
      throw error;
    }
  };

  const server = createServer((request, response) => {
    forward(request, response, dial).catch(() => response.destroy());
  });
  server.on('connection', kept);
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    kept(client);
    tunnel(request, client, head, dial).catch(() => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached: (host) => reached.get(host),
    failure: (host) => failures.get(host),
    refused: () => [...refused],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const stream of open) stream.destroy();
      }),
  };
}

type Dial = (host: string, port: number) => Promise<Socket>;

async function tunnel({ url = '' }: IncomingMessage, client: Duplex, head: Buffer, dial: Dial) {
  const target = new URL(`http://${url}`);
  const socket = await dial(hostOf(target), Number(target.port) || 80);
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (head.length > 0) socket.write(head);
  socket.pipe(client).pipe(socket);
  socket.once('close', () => client.destroy());
  client.once('close', () => socket.destroy());
}

async function forward(request: IncomingMessage, response: ServerResponse, dial: Dial) {
  const target = new URL(request.url ?? '');
  if (target.protocol !== 'http:') throw new Error(`${target.protocol} is not forwarded`);
  const socket = await dial(hostOf(target), Number(target.port) || 80);
  const { 'proxy-connection': _, ...headers } = request.headers;
  const onward = requestHttp({
    createConnection: () => socket,
    method: request.method,
    path: target.pathname + target.search,
    headers: { ...headers, host: target.host, connection: 'close' },
  });
  onward.once('error', () => response.destroy());
  onward.once('response', (answer) => {
    const { connection: __, 'keep-alive': ___, 'transfer-encoding': ____, ...told } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, told);
    answer.once('error', () => response.destroy());
    answer.pipe(response);
  });
  response.once('close', () => onward.destroy());
  request.pipe(onward);
}
