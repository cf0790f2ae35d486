import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { AttemptFailed, failureOf, peerOf } from '../failure.ts';
import { textTest } from '../text-test.ts';
import type { Trace } from '../trace.ts';

/** Bytes of one message that are taken. */
const maxMessage = 1_000_000;

/** Characters of a message that stand in a sentence. */
const maxQuoted = 200;

/** An open WebSocket. */
export interface WebSocketDialogue {
  send(text: string): void;
  /**
   * Waits for a message, and gives it; those that do not match are passed over. Throws `AttemptFailed`.
   * @param pattern a regular expression literal
   * @param unless a message that matches this one ends the dialogue as a failure
   */
  expect(pattern: string, unless?: string): Promise<string>;
  /** Says goodbye, and waits for no answer to it. */
  close(): Promise<void>;
}

/** Shakes hands over a connection of ours. Throws `AttemptFailed` where the server does not. */
export async function openWebSocket(
  url: string,
  { headers, subprotocols }: { headers: Record<string, string>; subprotocols: string[] },
  socket: Socket,
  trace: Trace,
): Promise<WebSocketDialogue> {
  trace.enter('firstByte');
  trace.waitingFor = 'the answer to the handshake';
  trace.note?.(`> handshake for ${new URL(url).pathname}`);
  const websocket = new WebSocket(url, subprotocols, {
    createConnection: () => socket,
    headers: { 'user-agent': 'Tocsin', ...headers },
    maxPayload: maxMessage,
    perMessageDeflate: false,
    followRedirects: false,
  });
  let farewell: string | undefined;
  websocket.once('close', (code, reason) => {
    farewell = `${code}${reason.length > 0 ? ` ${reason}` : ''}`;
  });
  // A listener of its own: errors after the deadline have nobody else to go to.
  websocket.on('error', () => {});
  const messages = on(websocket, 'message', { close: ['close'] });
  await opened(websocket, trace);
  trace.note?.(`< open${websocket.protocol && `, ${websocket.protocol}`}`);
  trace.waitingFor = undefined;

  async function next(wanted: string): Promise<string> {
    trace.waitingFor = `a message that matches ${wanted}`;
    try {
      const { value, done } = await messages.next();
      if (done) throw gone(trace, farewell);
      const text = String(value[0]);
      trace.note?.(`< ${text}`);
      return text;
    } catch (error) {
      throw meaningOf(error, trace);
    }
  }

  return {
    send(text) {
      trace.note?.(`> ${text}`);
      websocket.send(text);
    },
    async expect(pattern, unless) {
      const isWanted = textTest(pattern);
      const isRefusal = unless === undefined ? undefined : textTest(unless);
      for (;;) {
        const text = await next(pattern);
        if (isWanted(text)) {
          trace.waitingFor = undefined;
          return text;
        }
        if (isRefusal?.(text))
          throw new AttemptFailed(
            'protocol-error',
            `${peerOf(trace)} said «${text.slice(0, maxQuoted)}», expected ${pattern}`,
          );
      }
    },
    async close() {
      websocket.close(1000);
      // Written behind the farewell: when this is out, that is.
      await new Promise<void>((resolve) => socket.write('', () => resolve()));
    },
  };
}

function opened(websocket: WebSocket, trace: Trace): Promise<void> {
  return new Promise((resolve, reject) => {
    websocket.once('open', resolve);
    websocket.once('error', (error) => reject(meaningOf(error, trace)));
    websocket.once('unexpected-response', (_, response) => reject(refusal(response, trace)));
  });
}

function refusal({ statusCode = 0, statusMessage }: IncomingMessage, trace: Trace): AttemptFailed {
  const isAboutUser = statusCode === 401 || statusCode === 403;
  return new AttemptFailed(
    isAboutUser ? 'authentication-failed' : 'protocol-error',
    `${peerOf(trace)} answered the handshake with ${statusCode} ${statusMessage}`,
  );
}

const gone = (trace: Trace, farewell = '1006') =>
  new AttemptFailed(
    'connection-reset',
    `${peerOf(trace)} closed the WebSocket with ${farewell} while waiting for ${trace.waitingFor}`,
  );

/** Errors of the system have a code; those of the handshake have none, and those of frames one of the library's own. */
function meaningOf(error: unknown, trace: Trace): unknown {
  if (error instanceof AttemptFailed || trace.deadline.aborted) return failureOf(error, trace);
  const { code, message } = error as NodeJS.ErrnoException;
  if (message === 'socket hang up')
    return failureOf(Object.assign(new Error(message), { code: 'ECONNRESET' }), trace);
  if (code !== undefined && !code.startsWith('WS_ERR_')) return failureOf(error, trace);
  return new AttemptFailed('protocol-error', `${peerOf(trace)} does not speak WebSocket: ${message}`, {
    cause: error,
  });
}
