import { isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { formatDuration, unitMs } from '../duration.ts';
import { AttemptFailed, failureOf } from './failure.ts';
import type { Trace } from './trace.ts';

export interface TlsSettings {
  /** False accepts any certificate. */
  verify: boolean;
  /** PEM of the authority to trust instead of the public ones. */
  ca?: string | undefined;
}

/** Prepared once per authority: parsing the public ones takes longer than a handshake. */
const contexts = new Map<string, SecureContext>();

function contextFor(ca = ''): SecureContext {
  const context = contexts.get(ca) ?? createSecureContext(ca ? { ca } : {});
  contexts.set(ca, context);
  return context;
}

/**
 * TLS on a connection, with the certificate's days left in the trace even where it is refused. Throws `AttemptFailed`; the
 * connection is then destroyed.
 * @param host what the certificate must be for: a name or a literal address
 * @param now epoch milliseconds
 */
export async function secure(
  socket: Socket,
  host: string,
  settings: TlsSettings,
  trace: Trace,
  now: number,
): Promise<TLSSocket> {
  trace.enter('tls');
  try {
    const secured = await shakeHands(socket, host, settings.ca);
    const certificate = secured.getPeerCertificate();
    const days = daysLeft(certificate, now);
    if (days !== undefined) trace.certificateDaysLeft = Math.min(days, trace.certificateDaysLeft ?? days);
    if (settings.verify && !secured.authorized) throw refusal(secured, certificate, host, now);
    return secured;
  } catch (error) {
    socket.destroy();
    throw failureOf(error, trace);
  }
}

/** Never refuses a certificate by itself: the days left are wanted in any case. */
function shakeHands(socket: Socket, host: string, ca: string | undefined): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      host,
      ...(!isIP(host) && { servername: host }),
      secureContext: contextFor(ca),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
      checkServerIdentity,
    });
    secured.on('error', reject);
    socket.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    secured.once('secureConnect', () => resolve(secured));
  });
}

function daysLeft(certificate: PeerCertificate, now: number): number | undefined {
  const until = Date.parse(certificate.valid_to);
  return Number.isNaN(until) ? undefined : (until - now) / unitMs.d;
}

/** Why a certificate is not accepted. Its dates go first: an expired one is often untrusted as well. */
function refusal(socket: TLSSocket, certificate: PeerCertificate, host: string, now: number): AttemptFailed {
  // Node sets the code of OpenSSL, or of its own check of the name.
  const code = String(socket.authorizationError);
  const days = daysLeft(certificate, now) ?? 0;
  if (days < 0)
    return new AttemptFailed(
      'tls-certificate-expired',
      `the certificate expired ${formatDuration(-days * unitMs.d)} ago`,
    );
  if (code === 'CERT_HAS_EXPIRED')
    return new AttemptFailed('tls-certificate-expired', 'a certificate in the chain has expired');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = certificate.subjectaltname?.replaceAll(/DNS:|IP Address:/g, '') ?? certificate.subject.CN;
    return new AttemptFailed(
      'tls-certificate-name-mismatch',
      `the certificate is for ${names}, not for ${host}`,
    );
  }
  const issuer = certificate.issuer?.CN ?? certificate.issuer?.O ?? 'an unnamed authority';
  const why: Record<string, string> = {
    CERT_NOT_YET_VALID: `it is valid only from ${certificate.valid_from}`,
    DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
    SELF_SIGNED_CERT_IN_CHAIN: `its authority ${issuer} is not a public one`,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: `the server does not send the certificate of its issuer ${issuer}`,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `its authority ${issuer} is not known`,
  };
  return new AttemptFailed(
    'tls-certificate-untrusted',
    `the certificate is not trusted: ${why[code] ?? code}`,
  );
}
