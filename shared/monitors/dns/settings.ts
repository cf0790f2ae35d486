import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { encode, type RecordType } from 'dns-packet';
import * as z from 'zod/mini';
import { endpoint } from '../network/endpoint.ts';
import { ipFamily } from '../network/tls-settings.ts';

const longestName = 253;
const longestLabel = 63;

/** A name in ASCII, with any characters that DNS allows in practice: `_dmarc.example.com`, `*.example.com`, the root as `.`. */
function queryName(text: string): string | undefined {
  if (isIP(text) || text === '.') return text;
  const ascii = /^[\x20-\x7e]*$/.test(text) ? text : domainToASCII(text);
  const name = ascii.replace(/\.$/, '').toLowerCase();
  const labels = name.split('.');
  const isName =
    name.length <= longestName &&
    labels.every((label) => /^[^\s:/?#@]+$/.test(label) && label.length <= longestLabel);
  return isName ? name : undefined;
}

const type = z.pipe(
  z
    .string()
    .check(
      z.refine(
        (text) => numberOfType(text) > 0,
        'must be a record type such as A, MX or TXT, or its number as TYPE65: write A',
      ),
    ),
  z.transform((text: string) => text.toUpperCase()),
);

/** Types that `dns-packet` does not know by name; their data is shown raw. */
const otherTypes: Record<string, number> = { SVCB: 64, HTTPS: 65, OPENPGPKEY: 61, SMIMEA: 53, CSYNC: 62 };

/** The number of a record type; 0 for text that is none. https://www.rfc-editor.org/rfc/rfc3597#section-5 */
export function numberOfType(text: string): number {
  const name = text.toUpperCase();
  const digits = /^TYPE(\d{1,5})$/.exec(name)?.[1];
  if (digits !== undefined) return Number(digits) <= 65_535 ? Number(digits) : 0;
  return (Object.hasOwn(otherTypes, name) && otherTypes[name]) || numberInQuestion(name);
}

/** The library's table shows only in what it encodes: header (12 bytes), name (1), type. */
const numberInQuestion = (name: string) =>
  encode({ questions: [{ name: '.', type: name as RecordType }] }).readUInt16BE(13);

/** What a DNS monitor may be given besides what all monitors share. */
export const dnsSettings = z.strictObject({
  /** The name that is looked up. For PTR an address may stand here. */
  query: z.pipe(
    z
      .string()
      .check(
        z.refine(
          (text) => queryName(text) !== undefined,
          "must be a name that DNS can hold: write query: 'www.example.com'",
        ),
      ),
    z.transform((text: string) => queryName(text)!),
  ),
  /** Record type by its name, or its number as `TYPE65`. Default A. */
  type: z._default(type, 'A'),
  /** Name server to ask, with its port unless that is 53. Default: those of the system. */
  nameserver: z.optional(endpoint(53)),
  /** UDP, and TCP where the answer does not fit; or TCP at once. Default udp. */
  transport: z._default(z.enum(['udp', 'tcp']), 'udp'),
  /** False asks the name server for what it knows itself, as one does an authoritative one. Default true. */
  recursion: z._default(z.boolean(), true),
  /** 4, 6, or `any`, of a name server that is given by its name. Default 4: Lambda has no IPv6 outside a VPC. */
  ipFamily,
});

export type DnsSettings = z.infer<typeof dnsSettings>;
