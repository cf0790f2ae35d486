/** Seconds a digest's items are kept after it was due: as long as an incident. */
const keptSeconds = 400 * 86_400;

/** Partition of the index `pending` with the digests that are still to be told, by when they are due. */
export const digestsDue = 'DIGESTS';

const pk = (channel: string, due: number) => `DIGEST#${channel}#${new Date(due).toISOString()}`;

/** How a digest's items are named: one head, and an entry for each event it tells. */
export const digestKeys = {
  partition: pk,
  head: (channel: string, due: number) => ({ pk: pk(channel, due), sk: 'HEAD' }),
  entry: (channel: string, due: number, incident: string, revision: number) => ({
    pk: pk(channel, due),
    sk: `ENTRY#${incident}#${String(revision).padStart(8, '0')}`,
  }),
  expiresAt: (due: number) => Math.ceil(due / 1_000) + keptSeconds,
};
