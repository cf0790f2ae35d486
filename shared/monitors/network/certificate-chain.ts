import { X509Certificate } from 'node:crypto';
import { type DetailedPeerCertificate, getCACertificates, type TLSSocket } from 'node:tls';
import { daysLeft } from './tls-handshake.ts';

/** The three meanings of «the certificate expires in», in days; negative once that has passed. */
export interface CertificateDays {
  /** Of the server's own certificate. */
  leaf: number;
  /** Of whatever ends first among what the server presents, authorities that are trusted by themselves left out. */
  earliest: number;
  /** Of the best chain to a trusted authority, its authority included; absent where there is none. */
  chain?: number;
}

/**
 * Reads when what a server presents ends. A server may present an authority that has expired beside one that has not: `earliest` tells
 * the one, `chain` that visitors are well all the same.
 * @param ca PEM of the authorities to trust instead of the public ones
 * @param now epoch milliseconds
 */
export function certificateDays(secured: TLSSocket, ca: string | undefined, now: number): CertificateDays {
  const trusted = trustedBy(ca);
  const presented = presentedBy(secured);
  const leaf = presented[0]!;
  const days = (certificate: X509Certificate) => daysLeft(certificate.validTo, now) ?? 0;
  const chain = endOfBestChain(leaf, presented, trusted, days, []);
  const own = presented.filter((certificate) => certificate === leaf || !isAmong(certificate, trusted));
  return {
    leaf: days(leaf),
    earliest: Math.min(...own.map(days)),
    ...(chain !== undefined && { chain }),
  };
}

/** The leaf first. Node follows the issuers among what was presented and ends with one it trusts. */
function presentedBy(secured: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  let next: DetailedPeerCertificate | undefined = secured.getPeerCertificate(true);
  while (next?.raw && !seen.has(next)) {
    seen.add(next);
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate;
  }
  return chain;
}

type BySubject = ReadonlyMap<string, X509Certificate[]>;

/** Parsed once: the public authorities are more than a hundred. */
const authorities = new Map<string, BySubject>();

function trustedBy(ca = ''): BySubject {
  const known = authorities.get(ca);
  if (known) return known;
  const texts = ca
    ? (ca.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [])
    : getCACertificates();
  const bySubject = Map.groupBy(
    texts.map((text) => new X509Certificate(text)),
    ({ subject }) => subject,
  );
  authorities.set(ca, bySubject);
  return bySubject;
}

const isAmong = (certificate: X509Certificate, trusted: BySubject) =>
  trusted
    .get(certificate.subject)
    ?.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256) ?? false;

/** A chain ends when its first certificate does; among several the one that lasts longest counts. */
function endOfBestChain(
  certificate: X509Certificate,
  presented: X509Certificate[],
  trusted: BySubject,
  days: (certificate: X509Certificate) => number,
  below: X509Certificate[],
): number | undefined {
  if (isAmong(certificate, trusted)) return days(certificate);
  const path = [...below, certificate];
  const issuers = [...presented, ...(trusted.get(certificate.issuer) ?? [])].filter(
    (candidate) =>
      !path.includes(candidate) &&
      certificate.checkIssued(candidate) &&
      certificate.verify(candidate.publicKey),
  );
  const ends = issuers.flatMap((issuer) => endOfBestChain(issuer, presented, trusted, days, path) ?? []);
  return ends.length > 0 ? Math.min(days(certificate), Math.max(...ends)) : undefined;
}
