import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A key and its certificate, as PEM. */
export interface Credentials {
  key: string;
  cert: string;
}

export interface Authority extends Credentials {
  name: string;
  keys: webcrypto.CryptoKeyPair;
}

interface Validity {
  notBefore?: Date;
  notAfter?: Date;
}

const days = (n: number) => new Date(Date.now() + n * 86_400_000);
const privateKeyPem = async (keys: webcrypto.CryptoKeyPair) =>
  x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
const newKeys = () =>
  crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
let serial = 1;
const nextSerial = () => (serial++).toString(16).padStart(4, '0');

/** A certificate authority, self-signed unless another one signs it; with the keys of another it is a second certificate of that. */
export async function createAuthority(
  name: string,
  issuer?: Authority,
  {
    notBefore = days(-10),
    notAfter = days(1_000),
    keys: given,
  }: Validity & { keys?: webcrypto.CryptoKeyPair } = {},
): Promise<Authority> {
  const keys = given ?? (await newKeys());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: nextSerial(),
    subject: `CN=${name}`,
    issuer: `CN=${issuer?.name ?? name}`,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return { name, keys, key: await privateKeyPem(keys), cert: certificate.toString('pem') };
}

/** A server's certificate for these names and addresses; self-signed without an authority. Valid for 90 days unless told. */
export async function issueCertificate(
  names: string[],
  { authority, notBefore = days(-1), notAfter = days(90) }: Validity & { authority?: Authority } = {},
): Promise<Credentials> {
  const keys = await newKeys();
  const alternatives = names.map((value) => ({
    type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
    value,
  }));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: nextSerial(),
    subject: `CN=${names[0]}`,
    issuer: `CN=${authority?.name ?? names[0]}`,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: (authority?.keys ?? keys).privateKey,
    extensions: [new x509.SubjectAlternativeNameExtension(alternatives)],
  });
  return { key: await privateKeyPem(keys), cert: certificate.toString('pem') };
}
