import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusal } from './access.ts';

/** Largest request taken, in bytes: the HTTP API's own limit. */
const maxBody = 10 * 1024 * 1024;

/** A request whose body has been read. */
export interface LocalRequest {
  method: string;
  url: URL;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  remoteAddress: string;
}

export interface LocalResponse {
  status: number;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer;
}

export type Answerer = (request: LocalRequest) => Promise<LocalResponse> | LocalResponse;

export interface Listening {
  port: number;
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 0 takes any free port. */
  port: number;
  ownPages: boolean;
  report(error: unknown): void;
}

/**
 * Serves HTTP on the loopback addresses only, under the rules of `access.ts`.
 * Throws, naming the port, where it is taken.
 */
export async function listen(options: ListenOptions, answer: Answerer): Promise<Listening> {
  const rules = { port: options.port, ownPages: options.ownPages };
  const onRequest: http.RequestListener = (incoming, outgoing) => {
    void respond(incoming, rules, answer, options.report)
      .then(({ status, headers, body }) => outgoing.writeHead(status, headers).end(body))
      // An answer that HTTP cannot carry.
      .catch((error) => {
        options.report(error);
        outgoing.writeHead(500).end();
      });
  };
  const v4 = await open(onRequest, '127.0.0.1', options.port);
  rules.port = (v4.address() as AddressInfo).port;
  // Browsers try ::1 first for `localhost`; a machine without IPv6 does not.
  const v6 = await open(onRequest, '::1', rules.port).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' && options.port !== 0) throw error;
    return undefined;
  });
  const servers = v6 ? [v4, v6] : [v4];
  return { port: rules.port, close: async () => void (await Promise.all(servers.map(close))) };
}

function open(onRequest: http.RequestListener, host: string, port: number): Promise<http.Server> {
  const server = http.createServer(onRequest);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? Object.assign(
              new Error(`port ${port} is taken: stop what listens there, or choose another with --port`),
              {
                code: error.code,
              },
            )
          : error,
      ),
    );
    server.listen(port, host, () => resolve(server));
  });
}

function close(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(
  incoming: http.IncomingMessage,
  rules: { port: number; ownPages: boolean },
  answer: Answerer,
  report: (error: unknown) => void,
): Promise<LocalResponse> {
  const refused = refusal(incoming.headers, rules);
  if (refused) return text(refused.status, refused.message);
  const origin = `http://${incoming.headers.host}`;
  const target = incoming.url ?? '/';
  if (!URL.canParse(target, origin)) return text(400, `${target} is no path`);
  try {
    const body = await readBody(incoming);
    if (!body) return text(413, `a request may have ${maxBody} bytes`);
    return await answer({
      method: incoming.method ?? 'GET',
      url: new URL(target, origin),
      headers: incoming.headers,
      body,
      remoteAddress: incoming.socket.remoteAddress ?? '',
    });
  } catch (error) {
    // Whoever asked has gone before the end of the question.
    if (!incoming.complete) return text(400, 'the body is not complete');
    report(error);
    return text(500, 'the local runtime failed; its output says why');
  }
}

async function readBody(incoming: http.IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function text(status: number, message: string): LocalResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: message + '\n' };
}

export function json(status: number, value: unknown): LocalResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** Body of a request as JSON; undefined where it is none. */
export function jsonOf({ body }: LocalRequest): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
