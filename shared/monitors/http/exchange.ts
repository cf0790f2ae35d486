import { type IncomingHttpHeaders, type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { AttemptFailed, failureOf, peerOf } from '../failure.ts';
import type { Note, Trace } from '../trace.ts';
import { type Body, readBody } from './body.ts';
import { type HttpRequest, headersOf } from './request.ts';

export interface Answer extends Body {
  status: number;
  headers: IncomingHttpHeaders;
}

/** Bytes of headers that are taken; Node's 16 kB are exceeded by real sites. */
const maxHeaderSize = 65_536;

/**
 * Sends one request over a connection and reads the answer, at most `maxBody` bytes of it. The connection is closed afterwards.
 * Throws `AttemptFailed`.
 */
export async function exchange(
  socket: Socket,
  request: HttpRequest,
  maxBody: number,
  trace: Trace,
): Promise<Answer> {
  trace.enter('firstByte');
  // A body without a length ends where the connection does: only the socket tells whether that was its end or a break.
  const broken = new Promise<never>((_, reject) => socket.once('error', reject));
  if (trace.note) noteRequest(request, trace.note);
  const answered = send(socket, request, trace).then(async (response) => {
    trace.enter('transfer');
    if (trace.note) noteHead(response, trace.note);
    const body = await readBody(response, maxBody);
    trace.note?.(`< ${body.body.length} bytes of body${body.cut ? ', and more' : ''}`);
    return { status: response.statusCode ?? 0, headers: response.headers, ...body };
  });
  try {
    return await Promise.race([answered, broken]);
  } catch (error) {
    throw failureOf(error, trace);
  } finally {
    socket.destroy();
  }
}

function send(socket: Socket, request: HttpRequest, trace: Trace): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, url, body } = request;
    const outgoing = sendRequest({
      createConnection: () => socket,
      method,
      path: url.pathname + url.search,
      headers: headersOf(request),
      maxHeaderSize,
    });
    outgoing.on('error', reject);
    outgoing.once('response', resolve);
    outgoing.once('upgrade', () =>
      reject(new AttemptFailed('protocol-error', `${peerOf(trace)} switched to another protocol`)),
    );
    outgoing.end(body);
  });
}

/** Bodies may hold credentials: only their length is told. */
function noteRequest(request: HttpRequest, note: Note): void {
  const { method, url, sensitive, body } = request;
  note(`> ${method} ${url.pathname}${url.search} HTTP/1.1`);
  for (const [name, value] of Object.entries(headersOf(request)))
    note(`> ${name}: ${sensitive.has(name) && name !== 'host' ? '***' : value}`);
  if (body) note(`> ${Buffer.byteLength(body)} bytes of body`);
}

function noteHead({ httpVersion, statusCode, statusMessage, headersDistinct }: IncomingMessage, note: Note) {
  note(`< HTTP/${httpVersion} ${statusCode} ${statusMessage}`);
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) note(`< ${name}: ${name === 'set-cookie' ? '***' : value}`);
}
