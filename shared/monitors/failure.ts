import { formatDuration } from '../duration.ts';
import type { Phase, Reason } from './observation.ts';
import type { Trace } from './trace.ts';

/** An attempt that ended without an answer to judge: the target's doing. */
export class AttemptFailed extends Error {
  readonly reason: Reason;
  /** True where we asked for the wrong thing and know better now: the attempt begins again. */
  again = false;
  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AttemptFailed';
    this.reason = reason;
  }
}

/** The peer as people write it: `127.0.0.1:4510`, `[::1]:4510`. */
export function peerOf({ peer }: Trace): string {
  if (!peer) return 'the target';
  return peer.address.includes(':') ? `[${peer.address}]:${peer.port}` : `${peer.address}:${peer.port}`;
}

const timeoutReasons: Record<Phase, Reason> = {
  dns: 'dns-timeout',
  connect: 'connection-timeout',
  tls: 'tls-timeout',
  firstByte: 'response-timeout',
  transfer: 'body-timeout',
};

/** What an attempt was doing in a phase, to follow «while». */
const doing: Record<Phase, string> = {
  dns: 'looking up the name',
  connect: 'connecting',
  tls: 'shaking hands on TLS',
  firstByte: 'waiting for the first byte',
  transfer: 'reading the body',
};

/** The failure of an attempt whose time is over. */
export function outOfTime(trace: Trace): AttemptFailed {
  const phase = trace.phase ?? 'connect';
  const where = {
    dns: `looking up ${trace.host}`,
    connect: `connecting to ${peerOf(trace)}`,
    tls: `connected to ${peerOf(trace)}, waiting for the TLS handshake`,
    firstByte: `connected to ${peerOf(trace)}, waiting for ${trace.waitingFor ?? 'the first byte'}`,
    transfer: `${peerOf(trace)} began to answer, but its body did not end`,
  }[phase];
  return new AttemptFailed(
    timeoutReasons[phase],
    `no answer within ${formatDuration(trace.timeout)}: ${where}`,
  );
}

/** Codes of errors that say our own machine is out of something, not that the target is broken. */
const ours = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);

/**
 * What a system, TLS or HTTP error means for the attempt it ended. Errors that are no fault of the target are thrown again.
 */
export function failureOf(error: unknown, trace: Trace): AttemptFailed {
  if (error instanceof AttemptFailed) return error;
  if (trace.deadline.aborted) return outOfTime(trace);
  const { code = '', message = '', syscall } = error as NodeJS.ErrnoException;
  if (ours.has(code)) throw error;
  const peer = peerOf(trace);
  const during = trace.phase
    ? ` while ${trace.waitingFor ? `waiting for ${trace.waitingFor}` : doing[trace.phase]}`
    : '';
  const failed = (reason: Reason, text: string) => new AttemptFailed(reason, text, { cause: error });
  if (code === 'ECONNREFUSED') return failed('connection-refused', `connection refused by ${peer}`);
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return failed(
      'connection-reset',
      `${peer} ${syscall === 'read' ? 'reset' : 'closed'} the connection${during}`,
    );
  if (code === 'ETIMEDOUT') return failed('connection-timeout', `${peer} did not answer${during}`);
  if (/^E(HOST|NET)(UNREACH|DOWN)$/.test(code))
    return failed('connection-failed', `no route to ${peer} (${code})`);
  if (code === 'HPE_HEADER_OVERFLOW') return failed('protocol-error', `the headers of ${peer} are too large`);
  if (code.startsWith('HPE_')) return failed('protocol-error', `${peer} does not speak HTTP/1.1: ${message}`);
  if (trace.phase === 'tls') return failed('tls-failed', `no TLS connection to ${peer}: ${tlsReason(error)}`);
  if (trace.phase === 'connect') return failed('connection-failed', `no connection to ${peer}: ${message}`);
  if (code.startsWith('ERR_SSL_'))
    return failed('tls-failed', `${peer} broke off TLS${during}: ${tlsReason(error)}`);
  throw error;
}

/** What OpenSSL says in words that only its authors understand. */
const openSslMeans: [code: RegExp, means: string][] = [
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/, 'it does not speak TLS'],
  [/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, 'it speaks no version that minVersion allows'],
];

/** OpenSSL's own words, without its file names and line numbers, and what they mean. */
function tlsReason(error: unknown): string {
  const { reason, message, code = '' } = error as { reason?: string; message: string; code?: string };
  const said = reason ?? message;
  const [, means] = openSslMeans.find(([pattern]) => pattern.test(code)) ?? [];
  return means ? `${means} (${said})` : said;
}

/** What a resolver's error means; errors of our own resolver are thrown again. */
export function lookupFailureOf(
  error: unknown,
  host: string,
  family: 4 | 6 | 'any',
  trace: Trace,
): AttemptFailed {
  if (trace.deadline.aborted) return outOfTime(trace);
  const { code } = error as NodeJS.ErrnoException;
  const kind = family === 'any' ? 'IP' : `IPv${family}`;
  if (code === 'ENOTFOUND')
    return new AttemptFailed('dns-not-found', `the name ${host} does not exist`, { cause: error });
  if (code === 'ENODATA')
    return new AttemptFailed('dns-not-found', `${host} has no ${kind} address`, { cause: error });
  if (code === 'ETIMEOUT')
    return new AttemptFailed('dns-timeout', `the name servers of ${host} do not answer`, { cause: error });
  if (code === 'ECONNREFUSED' || code === 'EFILE' || code === 'ENOMEM')
    throw new Error(`${host} could not be looked up: no name server of this machine answers (${code})`, {
      cause: error,
    });
  return new AttemptFailed('dns-failed', `looking up ${host} failed (${code})`, { cause: error });
}
