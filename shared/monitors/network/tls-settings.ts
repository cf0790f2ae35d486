import { domainToASCII } from 'node:url';
import * as z from 'zod/mini';
import { endpoint, hostName } from './endpoint.ts';

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** Text of one or more certificates, in the field of this name. */
export const certificatePem = (field: string) =>
  z
    .string()
    .check(
      z.refine(
        (text) => text.includes('-----BEGIN CERTIFICATE-----'),
        `must be the PEM text of a certificate: write ${field}: readFileSync('${field}.pem', 'utf8')`,
      ),
    );

/** How a server's TLS is asked for and judged: the same fields for every kind that has them. */
export const tlsFields = {
  /** False accepts any certificate; its days left are still measured. Default true. */
  verify: z._default(z.boolean(), true),
  /** PEM of the authority to trust instead of the public ones. Default: the public ones. */
  ca: z.optional(certificatePem('ca')),
  /** The name that is asked for (SNI) and that the certificate must be for. Default: the host. */
  serverName: z.optional(
    z.string().check(
      z.refine((text) => hostName(text) !== undefined, 'must be a host name such as www.example.com'),
      z.overwrite((text) => domainToASCII(text)),
    ),
  ),
  /** The oldest protocol that is accepted. Default TLSv1.2. */
  minVersion: z.optional(z.enum(tlsVersions)),
};

export const ipFamily = z._default(z.union([z.literal(4), z.literal(6), z.literal('any')]), 4);

/** What a TLS monitor may be given besides what all monitors share. */
export const tlsSettings = z.strictObject({
  /** Host, and port unless that is 443: `example.com`, `mail.example.com:465`. */
  target: endpoint(443),
  ...tlsFields,
  /** Protocol that begins in clear text and is asked to go on over TLS. Default none: TLS from the first byte. */
  starttls: z.optional(z.enum(['smtp', 'imap', 'pop3', 'postgres'])),
  /** 4, 6, or `any`: IPv4 addresses first, then IPv6. Default 4: Lambda has no IPv6 outside a VPC. */
  ipFamily,
});

export type TlsSettings = z.infer<typeof tlsSettings>;
