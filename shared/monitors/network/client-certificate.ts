import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { HttpSettings } from '../http/settings.ts';

/** What only the origin a monitor names is asked for and shown inside TLS, never one it redirects to. */
export interface TlsIdentity {
  /** The name asked for, and what the certificate must be for, where that is not the host. */
  serverName?: string | undefined;
  /** PEM of our certificate. */
  cert?: string;
  /** PEM of its private key. */
  key?: string;
}

/**
 * The settings' identity with its key. Throws where that is not the key of the certificate: OpenSSL would say so only in the
 * handshake, as if the target were at fault.
 * @param key text of the secret
 */
export function tlsIdentity({ serverName, cert }: HttpSettings['tls'], key: string | undefined): TlsIdentity {
  if (cert === undefined || key === undefined) return { serverName };
  if (!new X509Certificate(cert).checkPrivateKey(privateKey(key)))
    throw new Error(
      'the secret of tls.key is not the private key of tls.cert: store the one it was issued for',
    );
  return { serverName, cert, key };
}

function privateKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Error('the secret of tls.key is not the PEM of a private key without a passphrase', { cause });
  }
}
