import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import * as z from 'zod/mini';

/** What a monitor connects to. */
export interface Endpoint {
  /** A name (in ASCII) or a literal address without brackets. */
  host: string;
  port: number;
}

/** A host and, unless there is one by default, its port: `mail.example.com:25`, `[2001:db8::1]:443`. */
export function endpoint(defaultPort?: number) {
  const message =
    defaultPort === undefined
      ? 'must be a host and its port: write mail.example.com:25'
      : `must be a host, and a port unless that is ${defaultPort}: write example.com:${defaultPort}`;
  return z.pipe(
    z.string(message).check(z.refine((text) => parseEndpoint(text, defaultPort) !== undefined, message)),
    z.transform((text: string) => parseEndpoint(text, defaultPort)!),
  );
}

/** Reads a host and its port; undefined where the text is neither, or has no port and there is none by default. */
export function parseEndpoint(text: string, defaultPort?: number): Endpoint | undefined {
  if (isIP(text) === 6) return defaultPort === undefined ? undefined : { host: text, port: defaultPort };
  const [, literal, name = '', digits] =
    /^(?:\[([\da-f:.]+)\]|([^\s:/?#@[\]]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = literal ?? hostName(name);
  const port = digits === undefined ? defaultPort : Number(digits);
  const isSound = host && (literal === undefined || isIP(literal) === 6) && port && port <= 65_535;
  return isSound ? { host, port } : undefined;
}

const longestName = 253;
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;

/** A name in ASCII, international ones in punycode, in lower case; undefined for text that is none. */
export function hostName(text: string): string | undefined {
  const name = domainToASCII(text.replace(/\.$/, '')).toLowerCase();
  const isName =
    name.length > 0 && name.length <= longestName && name.split('.').every((part) => label.test(part));
  return isName ? name : undefined;
}
