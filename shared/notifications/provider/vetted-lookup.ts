import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackName, isPublicAddress } from '../../monitors/network/network.ts';
import { AddressForbidden } from '../errors.ts';

/** Whether a URL's host is this very machine: `localhost`, `127.0.0.1`, `[::1]`. */
export function isLoopbackHost(host: string): boolean {
  const literal = bare(host);
  return isLoopbackName(literal) || literal === '::1' || (isIP(literal) === 4 && literal.startsWith('127.'));
}

/** Throws `AddressForbidden` for a literal address that is not public; sockets connect to those without a lookup. */
export function vetLiteral(host: string): void {
  const literal = bare(host);
  if (isIP(literal) && !isPublicAddress(literal)) throw new AddressForbidden();
}

/** A socket's `lookup` that refuses a name if any address behind it is not public: the address vetted is the one connected to. */
export const vettedLookup: LookupFunction = (hostname, options, done) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error) done(error, []);
    else if (!first || !addresses.every(({ address }) => isPublicAddress(address)))
      done(new AddressForbidden(), []);
    else if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
