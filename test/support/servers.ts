import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer as createTcp, type Server, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A server of a test: on loopback, on a port of its own, gone when the test is over. */
export interface TestServer {
  port: number;
  /** Connections accepted so far. */
  accepted(): number;
  /** Resolves when no connection is open any more. */
  allClosed(): Promise<void>;
}

export const serveTcp = (onConnection: (socket: Socket) => void) => serve(reading(onConnection));

/** The same on another loopback address and a given port. */
export const serveTcpAt = (address: string, port: number, onConnection: (socket: Socket) => void) =>
  serve(reading(onConnection), address, port);

/** A server that reads what it is sent: a socket nobody reads never tells that it was closed. */
const reading = (onConnection: (socket: Socket) => void) =>
  createTcp((socket) => onConnection(socket.resume()));

export const serveHttp = (listener: RequestListener) => serve(createHttp(listener));

export const serveHttps = (tls: TlsOptions, listener: RequestListener) => serve(createHttps(tls, listener));

/** Answers every connection with these bytes, once it has been asked something. */
export const serveBytes = (
  answer: string | Buffer,
  after: (socket: Socket) => void = (socket) => socket.end(),
) => serveTcp((socket) => socket.once('data', () => socket.write(answer, () => after(socket))));

/** Milliseconds after a test in which the last news of a connection's end may arrive. */
const patience = 2_000;

/** Any server of a test. Whatever connects to it must be gone when the test is over: a connection left open fails it. */
export async function serve(server: Server, address = '127.0.0.1', port = 0): Promise<TestServer> {
  const open = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted++;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      if (open.size === 0) for (const resolve of waiting.splice(0)) resolve();
    });
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  const allClosed = () =>
    open.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve));
  onTestFinished(async () => {
    const timer = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, patience);
    const left = open.size;
    const begun = performance.now();
    await allClosed();
    clearTimeout(timer);
    server.close();
    if (performance.now() - begun >= patience) throw new Error(`${left} connections were left open`);
  });
  return { port: (server.address() as AddressInfo).port, accepted: () => accepted, allClosed };
}

/** Below the ports that the system gives out by itself: nobody else is given one of these meanwhile. */
let nextClosed = 20_000 + ((process.pid * 31) % 9_000);

/** A port of 127.0.0.1 where nobody listens, nor will. */
export async function closedPort(): Promise<number> {
  for (;;) {
    const port = nextClosed++;
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (!isOpen) return port;
  }
}
