import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { httpSettings } from '../http/settings.ts';

const { url } = httpSettings.shape;

/** What a domain monitor may be given besides what all monitors share. */
export const domainSettings = z.strictObject({
  /** A domain; of a URL or a host below it the domain is found: `https://www.example.com.br:8443/` is about `example.com.br`. */
  domain: z.pipe(
    z
      .string()
      .check(
        z.refine(
          (text) => domainIn(text) !== undefined,
          "must be a domain with its ending: write domain: 'example.com'",
        ),
      ),
    z.transform((text: string) => domainIn(text)!),
  ),
  /** RDAP service of the registry, which IANA does not know. Default: as IANA's list says. */
  server: z.optional(url),
  /** The list of registries and their services. Default IANA's. https://www.rfc-editor.org/rfc/rfc9224 */
  bootstrap: z._default(url, 'https://data.iana.org/rdap/dns.json'),
  /** 4, 6, or `any`: IPv4 addresses first, then IPv6. Default 4: Lambda has no IPv6 outside a VPC. */
  ipFamily: httpSettings.shape.ipFamily,
});

export type DomainSettings = z.infer<typeof domainSettings>;

/** The host name in a text, in ASCII; undefined where there is none, or one without a dot. */
function domainIn(text: string): string | undefined {
  const url = text.includes('://') ? text : `https://${text}`;
  if (/\s/.test(text) || !URL.canParse(url)) return undefined;
  const name = new URL(url).hostname.replace(/\.$/, '');
  return isIP(name.replace(/^\[|\]$/g, '')) || !/^[^.]+(\.[^.]+)+$/.test(name) ? undefined : name;
}
