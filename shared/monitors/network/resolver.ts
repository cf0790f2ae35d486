import { type RecordWithTtl, Resolver } from 'node:dns';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isLoopbackName } from './network.ts';

/** Asks DNS for a name's addresses, in the answer's order. Rejects with the resolver's error. */
export type Resolve = (
  host: string,
  family: 4 | 6,
  options: {
    signal: AbortSignal;
    /** Ask again although an answer is kept: a second look must not repeat a stale one. */
    fresh?: boolean;
  },
) => Promise<string[]>;

/** Seconds an answer is kept at most, whatever its time to live: a changed record is seen within this time. */
const maxKeptSeconds = 60;

/** Milliseconds before an unanswered query is sent again, and how often: lost datagrams are common, the deadline is the check's. */
const retransmission = { timeout: 1_500, tries: 4 };

/**
 * Resolves through c-ares: no thread pool to queue in, no search domains, no hosts file. An answer is kept for its time to live.
 * @param servers name servers as `address:port` instead of the system's
 * @param now monotonic milliseconds
 */
export function createResolve(servers?: string[], now: () => number = () => performance.now()): Resolve {
  const kept = new Map<string, { addresses: string[]; until: number }>();
  return async (host, family, { signal, fresh }) => {
    const key = `${family} ${host}`;
    const known = kept.get(key);
    if (known && known.until > now() && !fresh) return known.addresses;
    const records = await query(host, family, servers, signal);
    const addresses = records.map(({ address }) => address);
    const seconds = Math.min(maxKeptSeconds, ...records.map(({ ttl }) => ttl));
    kept.set(key, { addresses, until: now() + seconds * 1_000 });
    return addresses;
  };
}

/** One channel per query, so that the deadline of one check cancels nothing of another. */
function query(
  host: string,
  family: 4 | 6,
  servers: string[] | undefined,
  signal: AbortSignal,
): Promise<RecordWithTtl[]> {
  const resolver = new Resolver(retransmission);
  if (servers) resolver.setServers(servers);
  return new Promise((resolve, reject) => {
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const answered = (error: Error | null, records: RecordWithTtl[]) => {
      signal.removeEventListener('abort', cancel);
      if (error) reject(error);
      else resolve(records);
    };
    if (family === 4) resolver.resolve4(host, { ttl: true }, answered);
    else resolver.resolve6(host, { ttl: true }, answered);
  });
}

/** Addresses a host has without asking DNS: a literal, this machine. Undefined for any other name. */
export function knownAddresses(host: string, family: 4 | 6 | 'any'): string[] | undefined {
  if (isIP(host)) return [host];
  if (isLoopbackName(host))
    return family === 'any' ? ['127.0.0.1', '::1'] : [family === 4 ? '127.0.0.1' : '::1'];
  return undefined;
}

const hostsFile = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';

/** Addresses that this machine's own hosts file gives a name; none where there is no such file. */
export function addressesInHostsFile(host: string, family: 4 | 6 | 'any', file = hostsFile): string[] {
  return hostsLines(file)
    .filter(([, ...names]) => names.some((name) => name.toLowerCase() === host.toLowerCase()))
    .map(([address = '']) => address)
    .filter((address) => isIP(address) && (family === 'any' || isIP(address) === family));
}

function hostsLines(file: string): string[][] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  } catch {
    return [];
  }
}
