import { connect as connectSocket, type Socket } from 'node:net';
import { AttemptFailed, failureOf, lookupFailureOf, peerOf } from '../failure.ts';
import type { Network } from '../kind.ts';
import type { Note, Trace } from '../trace.ts';
import { isWithinReach } from './network.ts';
import { addressesInHostsFile, knownAddresses } from './resolver.ts';

export interface Destination {
  /** A name or a literal address without brackets. */
  host: string;
  port: number;
  family: 4 | 6 | 'any';
  /** Set on a second look: names are resolved anew, and another address than this goes first. */
  avoid?: string | undefined;
}

/** Addresses tried in one attempt, at most; each gets an even share of the time left. */
const maxAddresses = 3;

/**
 * A new connection to the first address that accepts one. Only addresses the network policy allows are connected to; the
 * connection is destroyed at the trace's deadline. Throws `AttemptFailed`.
 */
export async function connect(destination: Destination, network: Network, trace: Trace): Promise<Socket> {
  trace.host = destination.host;
  const addresses = await vettedAddresses(destination, network, trace);
  for (const [index, address] of addresses.entries()) {
    trace.enter('connect');
    trace.peer = { address, port: destination.port };
    trace.note?.(`connecting to ${peerOf(trace)}`);
    const others = addresses.length - index - 1;
    try {
      const socket = await dial(trace, others > 0 ? trace.remaining() / (others + 1) : undefined);
      trace.note?.('connected');
      return socket;
    } catch (error) {
      const failure = failureOf(error, trace);
      if (others === 0 || trace.deadline.aborted) throw failure;
      trace.note?.(failure.message);
    }
  }
  throw new AttemptFailed('dns-not-found', `${destination.host} has no address`);
}

/**
 * Addresses of a destination that the network policy allows, in the order they are tried: at least one, unless the destination has
 * none at all. Throws `AttemptFailed`.
 */
export async function vettedAddresses(
  destination: Destination,
  network: Network,
  trace: Trace,
): Promise<string[]> {
  const { host, avoid } = destination;
  const addresses = await addressesOf(destination, network, trace);
  const allowed = addresses.filter((address) => isWithinReach(address, network.reach));
  if (allowed.length === 0 && addresses.length > 0) {
    const subject = host === addresses[0] ? host : `${host} leads to ${addresses[0]}, which`;
    throw new AttemptFailed(
      'target-forbidden',
      `${subject} is not ${network.reach === 'private' ? 'an address of this network' : 'a public address'}`,
    );
  }
  const preferred = [
    ...allowed.filter((address) => address !== avoid),
    ...allowed.filter((a) => a === avoid),
  ];
  return preferred.slice(0, maxAddresses);
}

async function addressesOf(destination: Destination, network: Network, trace: Trace): Promise<string[]> {
  const { host, family } = destination;
  const known = knownAddresses(host, family);
  if (known) return known;
  const own = network.reach === 'local' ? addressesInHostsFile(host, family) : [];
  if (own.length > 0) {
    trace.note?.(`${host} is ${own.join(', ')} in this machine's hosts file`);
    return own;
  }
  trace.enter('dns');
  const options = { signal: trace.deadline, fresh: destination.avoid !== undefined };
  const families = family === 'any' ? ([4, 6] as const) : [family];
  const answers = await Promise.allSettled(families.map((one) => network.resolve(host, one, options)));
  if (trace.note)
    for (const [n, answer] of answers.entries()) noteLookup(host, families[n], answer, trace.note);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (addresses.length === 0 && failed) throw lookupFailureOf(failed.reason, host, family, trace);
  return addresses;
}

function noteLookup(
  host: string,
  family: 4 | 6 | undefined,
  answer: PromiseSettledResult<string[]>,
  note: Note,
): void {
  note(`> DNS ${family === 6 ? 'AAAA' : 'A'} ${host}`);
  note(`< DNS ${answer.status === 'fulfilled' ? answer.value.join(', ') : answer.reason.code}`);
}

/** Connects to the trace's peer, within `limit` milliseconds where there is one. */
async function dial(trace: Trace, limit: number | undefined): Promise<Socket> {
  const { address, port } = trace.peer!;
  trace.deadline.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host: address, port, noDelay: true });
    trace.socket = socket;
    socket.on('error', reject);
    if (limit)
      socket.setTimeout(limit, () =>
        socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
      );
    socket.once('connect', () => {
      if (limit) socket.setTimeout(0);
      resolve(socket);
    });
  });
}
