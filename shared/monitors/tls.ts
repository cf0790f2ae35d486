import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { attemptAt, type Conclusion, lookAmong } from './attempt.ts';
import type { AttemptFailed } from './failure.ts';
import type { Measurement, MonitorKind, ProbeContext } from './kind.ts';
import { type CertificateDays, certificateDays } from './network/certificate-chain.ts';
import { connect } from './network/connection.ts';
import { startTls } from './network/starttls.ts';
import { refusalOf, shakeHands } from './network/tls-handshake.ts';
import { type TlsSettings, tlsSettings, tlsVersions } from './network/tls-settings.ts';
import type { Attempt } from './observation.ts';
import { beginDialogue } from './tcp/dialogue.ts';
import { type Trace, tenths } from './trace.ts';

export const tlsProperties = {
  certificate: { type: 'days', description: 'Days until the server certificate expires' },
  'certificate.leaf': { type: 'days', description: 'The same as `certificate`' },
  'certificate.earliest': {
    type: 'days',
    description: 'Days until the first of the certificates that the server presents expires',
  },
  'certificate.chain': {
    type: 'days',
    description: 'Days until the best chain to a trusted authority expires',
  },
  'tls.version': {
    type: 'word',
    words: tlsVersions,
    description: 'Protocol that was agreed on',
  },
  hostname: { type: 'text', description: '`valid`, or why the certificate is not for this host' },
  issuer: { type: 'text', description: 'Name of the authority that issued the server certificate' },
  keyType: {
    type: 'text',
    description: 'Key of the server certificate, such as `EC prime256v1`, `RSA 2048`',
  },
  responseTime: { type: 'duration', description: 'From the start of the check to the end of the handshake' },
} as const satisfies Properties;

/** TLS servers of any protocol: their certificates, chain, host name and protocol version. */
export const tls: MonitorKind<TlsSettings> = {
  kind: 'tls',
  settings: tlsSettings,
  shorthand: 'target',
  properties: tlsProperties,
  // Chain and host name are judged by the handshake, unless `verify` is false.
  defaultExpect: () => ['certificate > 14d'],
  hosts: ({ target }) => [target.host],
  secrets: () => [],
  measure,
};

/** What a handshake came to. */
interface Shaken {
  certificates: CertificateDays;
  hostname: string;
  version: string;
  certificate: X509Certificate;
  /** Why the certificate is refused, unless every one is accepted. */
  refusal: AttemptFailed | undefined;
}

async function measure(
  monitor: Monitor<TlsSettings>,
  context: ProbeContext,
  before?: Attempt,
): Promise<Measurement> {
  return attemptAt(
    monitor,
    context,
    (trace) => shakenWith(monitor.settings, context, trace, before?.address),
    conclude,
  );
}

async function shakenWith(
  settings: TlsSettings,
  { network, now }: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<Shaken> {
  const { target, ipFamily: family } = settings;
  const host = settings.serverName ?? target.host;
  const socket = await connect({ ...target, family, avoid }, network, trace);
  try {
    const shake = (connection: Socket) => shakeHands(connection, host, settings, trace);
    const secured = settings.starttls
      ? await startTls(settings.starttls, beginDialogue(socket, trace), shake)
      : await shake(socket);
    const certificates = certificateDays(secured, settings.ca, now());
    trace.certificateDaysLeft = certificates.leaf;
    return {
      certificates,
      hostname: checkServerIdentity(host, secured.getPeerCertificate())?.message ?? 'valid',
      version: secured.getProtocol() ?? 'none',
      // After `getPeerX509Certificate()` Node 24 knows no certificate of the connection any more.
      certificate: new X509Certificate(secured.getPeerCertificate().raw),
      refusal: settings.verify ? refusalOf(secured, host, now()) : undefined,
    };
  } finally {
    socket.destroy();
  }
}

function conclude(shaken: Shaken, responseTime: number): Conclusion {
  const { certificates, refusal } = shaken;
  const { leaf, earliest, chain } = certificates;
  const fields: Partial<Attempt> = {
    certificates: {
      leaf: tenths(leaf),
      earliest: tenths(earliest),
      ...(chain !== undefined && { chain: tenths(chain) }),
    },
  };
  if (refusal)
    return {
      fields: {
        ...fields,
        outcome: 'down',
        reason: refusal.reason,
        message: refusal.message,
        phase: 'tls',
      },
    };
  const look = lookAmong('tls', {
    certificate: () => ({ value: leaf }),
    'certificate.leaf': () => ({ value: leaf }),
    'certificate.earliest': () => ({ value: earliest }),
    'certificate.chain': () =>
      chain === undefined ? { problem: 'no chain leads to a trusted authority' } : { value: chain },
    'tls.version': () => ({ value: shaken.version }),
    hostname: () => ({ value: shaken.hostname }),
    issuer: () => ({ value: nameOf(shaken.certificate.issuer) }),
    keyType: () => ({ value: keyTypeOf(shaken.certificate) }),
    responseTime: () => ({ value: responseTime }),
  });
  return { fields, look };
}

/** The common name in a distinguished name, else its organization, else all of it. */
function nameOf(distinguished: string): string {
  return (/^CN=(.+)$/m.exec(distinguished) ?? /^O=(.+)$/m.exec(distinguished))?.[1] ?? distinguished;
}

function keyTypeOf({ publicKey }: X509Certificate): string {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails: details } = publicKey;
  return [type.toUpperCase(), details?.namedCurve ?? details?.modulusLength].filter(Boolean).join(' ');
}
