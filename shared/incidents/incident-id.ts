import { createHash } from 'node:crypto';

/** Crockford's: no letters that read as digits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * `<yyyymmdd>-<8 base32>` of the group and the change of the alarm that opens it, so a redelivery makes no second incident.
 * @param at epoch milliseconds
 */
export function incidentId(groupKey: string, alarm: string, at: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([groupKey, alarm, at]))
    .digest();
  const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
  return `${day}-${Array.from(digest.subarray(0, 8), (byte) => alphabet[byte % 32]).join('')}`;
}
