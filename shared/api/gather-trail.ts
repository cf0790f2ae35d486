import type { WholeIncident } from '../aws/incident-table.ts';
import { type Trail, trailOf } from '../notifications/delivery/trail.ts';
import { emailSubscription } from '../notifications/email/settings.ts';
import type { Ports } from './ports.ts';

/** Who was told what of an incident, and who was not, with what became of the digests that told of it. */
export async function gatherTrail(
  { readLedger, config }: Pick<Ports, 'readLedger' | 'config'>,
  whole: WholeIncident,
): Promise<Trail[]> {
  const ids = new Set(whole.ledger.flatMap(({ digest }) => digest ?? []));
  const digests = await Promise.all([...ids].map(async (id) => [id, await readLedger(id)] as const));
  const bySns = config.channels.filter(({ kind }) => kind === emailSubscription).map(({ id }) => id);
  return trailOf(whole, { digests: new Map(digests), toldBySns: new Set(bySns) });
}
