import type { Network } from './kind.ts';
import { connect } from './network/connection.ts';
import { hostOf, isPublicAddress, mayBeWithinReach, type Reach } from './network/network.ts';
import type { Resolve } from './network/resolver.ts';
import { secure } from './network/tls-handshake.ts';
import { type Attempt, answerTime, type Observation, type Reason } from './observation.ts';
import { startTrace, type Trace } from './trace.ts';

/** Milliseconds for all witnesses together. */
const patience = 3_000;

/** What a check also sees where nothing is wrong with the target but with the way to it. */
const reasonsOfNetwork: ReadonlySet<Reason> = new Set([
  'dns-not-found',
  'dns-failed',
  'dns-timeout',
  'connection-refused',
  'connection-reset',
  'connection-timeout',
  'connection-failed',
  'tls-timeout',
  'response-timeout',
  'body-timeout',
]);

export const isNetworkFailure = ({ outcome, reason }: Attempt): boolean =>
  outcome === 'down' && reason !== undefined && reasonsOfNetwork.has(reason);

/** The public Internet, or what is nearer: a network of the team's, this machine. A witness speaks for its own side. */
type Side = 'public' | 'inside';

/** The side that a monitor's target is on; a name that no address was found for is on the side its check is for. */
const sideOf = ({ address }: Attempt, reach: Reach): Side =>
  reach === 'public' || (address !== undefined && isPublicAddress(address)) ? 'public' : 'inside';

/** Whom to ask whether the network of a location works. */
export interface Witnesses {
  /** URLs. */
  urls: readonly string[];
  /** What a probe may connect to at most. */
  reach: Reach;
  resolve: Resolve;
  /** Epoch milliseconds. */
  now(): number;
}

/** What one check saw, and what it could connect to. */
export interface Sighting {
  observation: Observation;
  reach: Reach;
}

/** The hearing of one tick: each side's witnesses are asked once, and only if a check fails as it would without a network. */
export function startHearing(witnesses: Witnesses) {
  const answers = new Map<Side, Promise<boolean>>();
  const ask = (side: Side): Promise<boolean> => {
    const answer = answers.get(side) ?? isWorking(witnesses, side);
    answers.set(side, answer);
    return answer;
  };
  return {
    /** Told of a failed attempt, so that witnesses are asked while the check looks again. */
    suspect(attempt: Attempt, reach: Reach): void {
      if (isNetworkFailure(attempt)) void ask(sideOf(attempt, reach));
    },
    /** The observations, `unknown` where neither a witness nor another target of that side answered. */
    async judge(sightings: readonly Sighting[]): Promise<Observation[]> {
      const silent = new Set<Side>();
      const suspects = sightings.filter(({ observation }) => isNetworkFailure(observation));
      const sides = new Set(suspects.map(({ observation, reach }) => sideOf(observation, reach)));
      for (const side of sides) {
        const answered = sightings.some(
          ({ observation, reach }) =>
            sideOf(observation, reach) === side && answerTime(observation) !== undefined,
        );
        if (!answered && !(await ask(side))) silent.add(side);
      }
      return sightings.map(({ observation, reach }) =>
        isNetworkFailure(observation) && silent.has(sideOf(observation, reach))
          ? { ...observation, outcome: 'unknown', reason: 'no-network', message: noNetwork(observation) }
          : observation,
      );
    },
  };
}

const noNetwork = ({ message }: Observation) =>
  `no witness answers either, so the network of this location is at fault: ${message}`;

/** True as well where nobody is there to ask. */
async function isWorking(witnesses: Witnesses, side: Side): Promise<boolean> {
  const reach = side === 'public' ? 'public' : witnesses.reach;
  const asked = witnesses.urls
    .map((url) => new URL(url))
    .filter((url) => sideOfHost(hostOf(url)) === side && mayBeWithinReach(hostOf(url), reach));
  if (asked.length === 0) return true;
  const over = new AbortController();
  // What is kept of an answer would hide that name servers are silent.
  const resolve: Resolve = (host, family, { signal }) =>
    witnesses.resolve(host, family, { signal: AbortSignal.any([signal, over.signal]), fresh: true });
  const hearings = asked.map((url) => ({ url, trace: startTrace(patience) }));
  try {
    await Promise.any(
      hearings.map(({ url, trace }) => trace.within(hear(url, { reach, resolve }, trace, witnesses.now()))),
    );
    return true;
  } catch {
    return false;
  } finally {
    over.abort();
    for (const { trace } of hearings) {
      trace.socket?.destroy();
      trace.end();
    }
  }
}

const sideOfHost = (host: string): Side => (mayBeWithinReach(host, 'public') ? 'public' : 'inside');

/** Returns once a witness says anything over HTTP; rejects where it does not. */
async function hear(url: URL, network: Network, trace: Trace, now: number): Promise<void> {
  const host = hostOf(url);
  const isSecure = url.protocol === 'https:';
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const socket = await connect({ host, port, family: 'any' }, network, trace);
  const stream = isSecure ? await secure(socket, host, { verify: true }, trace, now) : socket;
  await new Promise((resolve, reject) => {
    stream.once('data', resolve);
    stream.once('error', reject);
    stream.once('close', () => reject(new Error(`${url.host} closed the connection`)));
    stream.write(
      `HEAD ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: Tocsin\r\nConnection: close\r\n\r\n`,
    );
  });
}
