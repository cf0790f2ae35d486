import { isIP, type Socket } from 'node:net';
import type { PeerCertificate, SecureContext, SecureVersion, TLSSocket } from 'node:tls';
import { formatDuration, unitMs } from '../../duration.ts';
import { AttemptFailed, failureOf } from '../failure.ts';
import type { Note, Trace } from '../trace.ts';

/** Loaded when a target first asks for it: a probe that starts has to wait for it. */
const tls = () => process.getBuiltinModule('node:tls');

export interface TlsSettings {
  /** False accepts any certificate. */
  verify: boolean;
  /** PEM of the authority to trust instead of the public ones. */
  ca?: string | undefined;
  /** PEM of our own certificate, for servers that ask for one. Default none. */
  cert?: string;
  /** PEM of its private key. */
  key?: string;
  /** The oldest protocol that is accepted. Default TLS 1.2. */
  minVersion?: SecureVersion | undefined;
  /** Protocols offered inside TLS. Default none. */
  protocols?: string[];
}

/**
 * Keys offered for the exchange. Without the post-quantum one of OpenSSL's default a hello is a third as long: it fits into one packet,
 * and what leaves AWS is paid for.
 */
const ecdhCurve = 'X25519:P-256:P-384:P-521';

/** Servers, by name and port, that insist on another: they are offered every one that OpenSSL has. */
const insisting = new Set<string>();

/** How servers say that nothing they were offered will do. */
const nothingFits = /_ALERT_(?:HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY)$/;

/** Prepared once for each set of settings: parsing the public authorities takes longer than a handshake. */
const contexts = new Map<string, SecureContext>();

function contextFor(
  { ca = '', cert = '', key = '', minVersion }: TlsSettings,
  offersAll: boolean,
): SecureContext {
  const name = `${minVersion} ${offersAll} ${ca}${cert}${key}`;
  const context =
    contexts.get(name) ??
    tls().createSecureContext({
      ...(!offersAll && { ecdhCurve }),
      ...(ca && { ca }),
      ...(cert && { cert, key }),
      ...(minVersion && accepting(minVersion)),
    });
  contexts.set(name, context);
  return context;
}

/** OpenSSL speaks protocols before TLS 1.2 only with the ciphers of their time. */
const accepting = (minVersion: SecureVersion) => ({
  minVersion,
  ...(minVersion < 'TLSv1.2' && { ciphers: 'DEFAULT@SECLEVEL=0' }),
});

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
  const secured = await shakeHands(socket, host, settings, trace);
  const days = daysLeft(secured.getPeerCertificate().valid_to, now);
  if (days !== undefined) trace.certificateDaysLeft = Math.min(days, trace.certificateDaysLeft ?? days);
  const refusal = settings.verify ? refusalOf(secured, host, now) : undefined;
  if (!refusal) return secured;
  socket.destroy();
  throw refusal;
}

/**
 * TLS on a connection, whatever the certificate: `refusalOf` judges it. Throws `AttemptFailed`; the connection is then destroyed, and
 * where the server accepts no key of ours the next one is offered more.
 * @param host the name asked for; a literal address asks for none
 */
export async function shakeHands(
  socket: Socket,
  host: string,
  settings: TlsSettings,
  trace: Trace,
): Promise<TLSSocket> {
  trace.enter('tls');
  const server = `${host}:${socket.remotePort}`;
  const offersAll = insisting.has(server);
  try {
    const secured = await new Promise<TLSSocket>((resolve, reject) => {
      const secured = tls().connect({
        socket,
        host,
        ...(!isIP(host) && { servername: host }),
        secureContext: contextFor(settings, offersAll),
        ...(settings.protocols && { ALPNProtocols: settings.protocols }),
        rejectUnauthorized: false,
        checkServerIdentity: tls().checkServerIdentity,
      });
      secured.on('error', reject);
      socket.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
      secured.once('secureConnect', () => resolve(secured));
    });
    if (trace.note) noteHandshake(secured, trace.note);
    return secured;
  } catch (error) {
    socket.destroy();
    const failure = failureOf(error, trace);
    failure.again = !offersAll && nothingFits.test((error as NodeJS.ErrnoException).code ?? '');
    insisting[failure.again ? 'add' : 'delete'](server);
    if (failure.again) trace.note?.('refused: once more, with every key exchange');
    throw failure;
  }
}

function noteHandshake(secured: TLSSocket, note: Note): void {
  const { subject, subjectaltname = '', issuer, valid_from, valid_to } = secured.getPeerCertificate();
  const names = [subject?.CN, subjectaltname].filter(Boolean).join('; ');
  const { standardName } = secured.getCipher();
  note([secured.getProtocol(), standardName, secured.alpnProtocol].filter(Boolean).join(', '));
  note(`certificate of ${names}, issued by ${issuer?.CN ?? issuer?.O ?? 'nobody'}`);
  note(`certificate valid from ${valid_from} to ${valid_to}`);
}

/**
 * Days until the end of a certificate's time, negative once it has passed; undefined for text that is no time.
 * @param until as certificates write it: `Nov 20 06:00:00 2026 GMT`
 */
export function daysLeft(until: string, now: number): number | undefined {
  const end = Date.parse(until);
  return Number.isNaN(end) ? undefined : (end - now) / unitMs.d;
}

/** Why a server's certificate is not accepted; undefined when it is. Its dates go first: an expired one is often untrusted as well. */
export function refusalOf(secured: TLSSocket, host: string, now: number): AttemptFailed | undefined {
  if (secured.authorized) return undefined;
  const certificate = secured.getPeerCertificate();
  // Node sets the code of OpenSSL, or of its own check of the name.
  const code = String(secured.authorizationError);
  const days = daysLeft(certificate.valid_to, now) ?? 0;
  if (days < 0)
    return new AttemptFailed(
      'tls-certificate-expired',
      `the certificate expired ${formatDuration(-days * unitMs.d)} ago`,
    );
  if (code === 'CERT_HAS_EXPIRED')
    return new AttemptFailed('tls-certificate-expired', 'a certificate in the chain has expired');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return mismatch(certificate, host);
  const issuer = certificate.issuer?.CN ?? certificate.issuer?.O ?? 'an unnamed authority';
  const why: Record<string, string> = {
    CERT_NOT_YET_VALID: `it is valid only from ${certificate.valid_from}`,
    DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
    SELF_SIGNED_CERT_IN_CHAIN: `its authority ${issuer} is not a public one`,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: `its issuer ${issuer} is no public authority, nor does the server send the certificate of it`,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `its authority ${issuer} is not known`,
  };
  return new AttemptFailed(
    'tls-certificate-untrusted',
    `the certificate is not trusted: ${why[code] ?? code}`,
  );
}

function mismatch({ subjectaltname, subject }: PeerCertificate, host: string): AttemptFailed {
  const names = subjectaltname?.replaceAll(/DNS:|IP Address:/g, '') ?? subject?.CN ?? 'nothing';
  return new AttemptFailed(
    'tls-certificate-name-mismatch',
    `the certificate is for ${names}, not for ${host}`,
  );
}
