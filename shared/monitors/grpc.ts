import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Properties, Seen } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { secretsIn } from '../config/secret.ts';
import { attemptAt, type Conclusion, lookAmong } from './attempt.ts';
import { AttemptFailed, peerOf } from './failure.ts';
import { callGrpc, type GrpcAnswer } from './grpc/call.ts';
import { decodeResponse, encodeRequest, healthPath, servingStatuses } from './grpc/health.ts';
import { type GrpcSettings, grpcSettings } from './grpc/settings.ts';
import type { MonitorKind, ProbeContext } from './kind.ts';
import { certificateSeen, connectTo, expectedOf, revealed } from './network/server.ts';
import type { Trace } from './trace.ts';

export const grpcProperties = {
  'grpc.status': {
    type: 'word',
    words: servingStatuses,
    description: 'What the server says of the health of the service',
  },
  'grpc.code': {
    type: 'text',
    description: 'Status code of the call, such as OK, NOT_FOUND or UNAUTHENTICATED',
  },
  responseTime: { type: 'duration', description: 'From the start of the check to the end of the call' },
  certificate: { type: 'days', description: 'Days until the server certificate expires, over TLS' },
} as const satisfies Properties;

/** gRPC servers, by the health protocol that they all share. */
export const grpc: MonitorKind<GrpcSettings> = {
  kind: 'grpc',
  settings: grpcSettings,
  shorthand: 'target',
  properties: grpcProperties,
  defaultExpect: (settings) => ['grpc.status == SERVING', ...expectedOf(settings)],
  hosts: ({ target }) => [target.host],
  secrets: ({ metadata }) => secretsIn(metadata),
  async measure(monitor, context, before) {
    const metadata = await revealed(monitor.settings.metadata, context);
    return attemptAt(
      monitor,
      context,
      (trace) => ask(monitor, metadata, context, trace, before?.address),
      conclude,
    );
  },
};

async function ask(
  { settings }: Monitor<GrpcSettings>,
  metadata: Record<string, string>,
  context: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<GrpcAnswer> {
  const { target, service, secure } = settings;
  const socket = await connectTo(target, settings, context, trace, avoid, ['h2']);
  try {
    requireHttp2(socket, trace);
    const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
    const url = `${secure ? 'https' : 'http'}://${authority}`;
    return await callGrpc({ url, path: healthPath, metadata, body: encodeRequest(service) }, socket, trace);
  } finally {
    socket.destroy();
  }
}

function requireHttp2(socket: Socket, trace: Trace): void {
  if (socket instanceof TLSSocket && socket.alpnProtocol !== 'h2')
    throw new AttemptFailed('protocol-error', `${peerOf(trace)} does not offer HTTP/2, which gRPC needs`);
}

function conclude({ code, message, body }: GrpcAnswer, responseTime: number, trace: Trace): Conclusion {
  const said = [code, message].filter(Boolean).join(': ');
  return {
    look: lookAmong('grpc', {
      'grpc.status': () => (code === 'OK' ? statusIn(body) : { problem: `the call ended with ${said}` }),
      'grpc.code': () => ({ value: code }),
      responseTime: () => ({ value: responseTime }),
      certificate: () => certificateSeen(trace),
    }),
    excerpt: () => said,
  };
}

function statusIn(body: Buffer): Seen {
  try {
    return { value: decodeResponse(body) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
