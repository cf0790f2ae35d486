import type { Properties, Seen } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { secretsIn } from '../config/secret.ts';
import { attemptAt, type Conclusion, lookAmong } from './attempt.ts';
import { fitsSchema, schemaIn, schemaProperty, schemaSeen } from './json-schema.ts';
import type { MonitorKind, ProbeContext } from './kind.ts';
import { certificateSeen, connectTo, expectedOf, revealed } from './network/server.ts';
import type { Trace } from './trace.ts';
import { openWebSocket } from './websocket/dialogue.ts';
import { type WebSocketSettings, websocketSettings } from './websocket/settings.ts';

export const websocketProperties = {
  responseTime: {
    type: 'duration',
    description:
      'From the start of the check to the last message, or to the handshake where none is waited for',
  },
  message: {
    type: 'text',
    description: 'The message that was waited for last; without a dialogue the first one',
  },
  json: { type: 'json', argument: 'JSON path', description: 'Value in that message, which must be JSON' },
  schema: schemaProperty,
  certificate: { type: 'days', description: 'Days until the server certificate expires, over TLS' },
} as const satisfies Properties;

/** WebSockets: the handshake, and what is said inside. */
export const websocket: MonitorKind<WebSocketSettings> = {
  kind: 'websocket',
  settings: websocketSettings,
  shorthand: 'url',
  properties: websocketProperties,
  defaultExpect: (settings) => expectedOf({ ...settings, secure: isSecure(settings) }),
  alwaysExpect: ({ schema }) => (schema ? [fitsSchema] : []),
  schemas: schemaIn,
  hosts: (settings) => [targetOf(settings).host],
  secrets: ({ headers }) => secretsIn(headers),
  async measure(monitor, context, before) {
    const headers = await revealed(monitor.settings.headers, context);
    return attemptAt(
      monitor,
      context,
      (trace) => talk(monitor, headers, context, trace, before?.address),
      conclude(monitor.settings, context),
    );
  },
};

const isSecure = ({ url }: WebSocketSettings) => new URL(url).protocol === 'wss:';

function targetOf({ url }: WebSocketSettings) {
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (protocol === 'wss:' ? 443 : 80),
  };
}

/** What is spoken inside TLS. */
const protocols = ['http/1.1'];

const ofMessage: ReadonlySet<string> = new Set(['message', 'json', 'schema']);

/** The message that was waited for last. */
async function talk(
  { settings, expect, degraded = [] }: Monitor<WebSocketSettings>,
  headers: Record<string, string>,
  context: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<string | undefined> {
  const { url, subprotocols, dialogue } = settings;
  const server = { ...settings, secure: isSecure(settings) };
  const socket = await connectTo(targetOf(settings), server, context, trace, avoid, protocols);
  try {
    const open = await openWebSocket(url, { headers, subprotocols }, socket, trace);
    let message: string | undefined;
    for (const step of dialogue) {
      if ('send' in step) open.send(step.send);
      else message = await open.expect(step.expect, step.unless);
    }
    const isAsked = [...expect, ...degraded].some(({ property }) => ofMessage.has(property));
    if (isAsked && message === undefined) message = await open.expect('/^/');
    await open.close();
    return message;
  } finally {
    socket.destroy();
  }
}

const conclude =
  (settings: WebSocketSettings, context: ProbeContext) =>
  (message: string | undefined, responseTime: number, trace: Trace): Conclusion => {
    const none = { problem: 'no message was waited for' };
    const json = () => (message === undefined ? none : jsonIn(message));
    return {
      look: lookAmong('websocket', {
        responseTime: () => ({ value: responseTime }),
        message: () => (message === undefined ? none : { value: message }),
        json,
        schema: () => schemaSeen(settings, context, json()),
        certificate: () => certificateSeen(trace),
      }),
      ...(message !== undefined && { excerpt: () => message }),
    };
  };

function jsonIn(message: string): Seen {
  try {
    return { value: JSON.parse(message) };
  } catch {
    return { problem: 'the message is not JSON' };
  }
}
