import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { AttemptFailed, failureOf, peerOf } from '../failure.ts';
import type { Trace } from '../trace.ts';
import { grpcCodes } from './health.ts';

/** Bytes of an answer that are taken. */
const maxAnswer = 10_000;

/** How a call ended, and with what. */
export interface GrpcAnswer {
  /** `OK`, or what the server says instead: `NOT_FOUND`. */
  code: string;
  /** What it says about that. */
  message: string;
  /** Messages in their frames. */
  body: Buffer;
}

interface GrpcCall {
  url: string;
  path: string;
  metadata: Record<string, string>;
  body: Buffer;
}

/** One call with one message, over a connection of ours. Throws `AttemptFailed`. */
export async function callGrpc(call: GrpcCall, socket: Socket, trace: Trace): Promise<GrpcAnswer> {
  trace.enter('firstByte');
  trace.waitingFor = `the answer to ${call.path}`;
  const session = connect(call.url, { createConnection: () => socket });
  try {
    const answer = await answerTo(call, session, trace);
    trace.note?.(`< ${[answer.code, answer.message].filter(Boolean).join(': ')}`);
    trace.waitingFor = undefined;
    return answer;
  } catch (error) {
    throw meaningOf(error, trace);
  } finally {
    session.destroy();
  }
}

function answerTo(
  { path, metadata, body }: GrpcCall,
  session: ClientHttp2Session,
  trace: Trace,
): Promise<GrpcAnswer> {
  trace.note?.(`> ${path}`);
  return new Promise((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request({
      ...metadata,
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      'grpc-timeout': `${Math.max(1, Math.floor(trace.remaining()))}m`,
      'user-agent': metadata['user-agent'] ?? 'Tocsin',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    let headers: IncomingHttpHeaders = {};
    let size = 0;
    stream.on('error', reject);
    stream.on('response', (heads) => {
      headers = heads;
      if (heads[':status'] !== 200) reject(noGrpc(trace, `answered with ${heads[':status']}`));
    });
    stream.on('trailers', (trailers) => {
      headers = { ...headers, ...trailers };
    });
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxAnswer) reject(noGrpc(trace, `answered with more than ${maxAnswer} bytes`));
      else chunks.push(chunk);
    });
    stream.on('close', () => {
      if (headers[':status'] === undefined) return reject(closed());
      const code = grpcCodes[Number(headers['grpc-status'] ?? Number.NaN)];
      if (code === undefined) return reject(noGrpc(trace, 'ended the call without a status'));
      resolve({ code, message: textOf(headers['grpc-message']), body: Buffer.concat(chunks) });
    });
    stream.end(body);
  });
}

const noGrpc = (trace: Trace, what: string) =>
  new AttemptFailed('protocol-error', `${peerOf(trace)} does not speak gRPC: it ${what}`);

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses */
function textOf(header: string | string[] | undefined): string {
  const text = String(header ?? '');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const closed = () => Object.assign(new Error('closed'), { code: 'ECONNRESET' });

/** Errors of HTTP/2 have codes of their own; a call that is cancelled lost its connection. */
function meaningOf(error: unknown, trace: Trace): unknown {
  if (error instanceof AttemptFailed || trace.deadline.aborted) return failureOf(error, trace);
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_HTTP2_STREAM_CANCEL' || code === 'ERR_HTTP2_GOAWAY_SESSION')
    return failureOf(closed(), trace);
  return code.startsWith('ERR_HTTP2_') ? noGrpc(trace, `broke HTTP/2 (${message})`) : failureOf(error, trace);
}
