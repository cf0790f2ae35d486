import type { ReadSecret } from '../aws/secrets.ts';
import type { Credentials } from '../aws/signature.ts';
import type { ValidateJson } from '../conditions/json-schema.ts';
import type { Monitor } from '../config/config.ts';
import { atOnce } from './at-once.ts';
import { check } from './check.ts';
import { loadDrivers } from './drivers.ts';
import type { BrowserPlace, MonitorKinds, Network } from './kind.ts';
import type { Reach } from './network/network.ts';
import type { Resolve } from './network/resolver.ts';
import type { Attempt, Observation, ObservationBatch } from './observation.ts';
import type { ConfirmEvent } from './probe-event.ts';
import type { Shard } from './shards.ts';
import { slotOf, slotsOfInvocation } from './slots.ts';
import { startHearing } from './witness.ts';

/** What a probe needs of the world. */
export interface Probe {
  /** At least those of the monitors it is to check. */
  kinds: MonitorKinds;
  location: string;
  /** `private` in a network location. */
  reach: 'public' | 'private';
  /** In the local runtime this machine stands in for every network, and is what `localOnly` monitors may watch. */
  isLocal: boolean;
  /** Epoch milliseconds. */
  now(): number;
  readSecret: ReadSecret;
  /** Of its role, to sign requests with. The local runtime has none. */
  credentials?: Credentials;
  resolve: Resolve;
  /** Of a probe with a browser. */
  browser?: BrowserPlace;
  /** Where a monitor has a JSON Schema. */
  validateJson?: ValidateJson;
  /** URLs that answer wherever there is a network; none are asked while targets are well. */
  witness: readonly string[];
  /** Sends a batch home. */
  send(batch: ObservationBatch): Promise<void>;
}

/**
 * Checks a shard in every slot of the invocation and sends each slot's batch as soon as it is complete; a slow slot holds up no
 * other. Throws, after all slots, what went wrong in any.
 * @param scheduled epoch milliseconds the invocation was meant for
 */
export async function runScheduled(probe: Probe, shard: Shard, scheduled: number): Promise<void> {
  const slots = slotsOfInvocation(scheduled, shard.every, probe.now());
  const runs = slots.map(async (slot) => {
    const wait = slot - probe.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const observations = await checkAll(probe, shard.monitors);
    await probe.send({ version: 1, location: probe.location, shard: shard.id, slot, observations });
  });
  await allOf(runs);
}

/** Checks at once what another location saw fail in a slot, and sends its votes of that slot. */
export async function runConfirming(
  probe: Probe,
  shard: Shard,
  { confirm, slot }: ConfirmEvent,
): Promise<void> {
  const observations = await checkAll(
    probe,
    shard.monitors.filter(({ id }) => confirm.includes(id)),
  );
  await probe.send({ version: 1, location: probe.location, shard: shard.id, slot, observations });
}

/** Checks the monitors of these ids at once, one batch for each of their shards. Ids that no shard has are returned. */
export async function runRequested(
  probe: Probe,
  shards: Shard[],
  ids: string[],
  requestId: string,
): Promise<string[]> {
  const runs = shards.map(async (shard) => {
    const monitors = shard.monitors.filter(({ id }) => ids.includes(id));
    if (monitors.length === 0) return;
    const slot = slotOf(probe.now(), shard.every);
    const observations = await checkAll(probe, monitors);
    await probe.send({
      version: 1,
      location: probe.location,
      shard: shard.id,
      slot,
      requestId,
      observations,
    });
  });
  await allOf(runs);
  const known = new Set(shards.flatMap(({ monitors }) => monitors.map(({ id }) => id)));
  return ids.filter((id) => !known.has(id));
}

/** Observations of all monitors, in their order; `unknown` where they only say that this location has no network. */
async function checkAll(probe: Probe, monitors: Monitor[]): Promise<Observation[]> {
  const { kinds, witness, isLocal, resolve, now } = probe;
  await loadDrivers(kinds, monitors);
  const hearing = startHearing({ urls: witness, reach: isLocal ? 'local' : probe.reach, resolve, now });
  const sightings = await atOnce(monitors, async (monitor) => {
    const reach = reachOf(probe, monitor);
    const observation = await checkOne(probe, monitor, reach, (first) => hearing.suspect(first, reach));
    return { observation, reach };
  });
  return hearing.judge(sightings);
}

const reachOf = ({ isLocal, reach }: Probe, { localOnly }: Monitor): Reach =>
  isLocal && (localOnly || reach === 'private') ? 'local' : reach;

function checkOne(
  { kinds, now, readSecret, credentials, browser, resolve, validateJson }: Probe,
  monitor: Monitor,
  reach: Reach,
  suspect: (first: Attempt) => void,
): Promise<Observation> {
  const network: Network = { reach, resolve };
  const optional = {
    ...(credentials && { credentials }),
    ...(browser && { browser }),
    ...(validateJson && { validateJson }),
  };
  return check(monitor, { kinds, now, readSecret, ...optional, network, suspect });
}

/** Waits for all, then throws the first error. */
async function allOf(runs: Promise<void>[]): Promise<void> {
  for (const run of await Promise.allSettled(runs)) if (run.status === 'rejected') throw run.reason;
}
